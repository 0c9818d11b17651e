/** A Markdown text with what is neither a fenced block nor `code` in a line replaced. */
export const outsideCode = (text: string, replace: (part: string) => string): string =>
  text
    .split(/(^[ \t]*```[\s\S]*?^[ \t]*```$|`[^`\n]*`)/m)
    .map((part, at) => (at % 2 === 1 ? part : replace(part)))
    .join('');

/** Text that Vue and Markdown are to read as text: without tags, its braces no templates. */
export const asIs = (text: string): string =>
  `::: v-pre\n\n${outsideCode(text, (part) => part.replace(/<(?=[a-z/])/gi, '&lt;'))}\n\n:::\n`;
