import type { Block, Section } from './block.js';

/**
 * A report as Markdown.
 *
 * @param about what stands below the title
 * @param folder where its figures lie, from the file
 */
export function markdownOf(
  title: string,
  about: string,
  sections: readonly Section[],
  folder: string,
): string {
  const parts = sections.map(
    ({ title, blocks }) => `## ${title}\n\n${blocks.map((block) => blockOf(block, folder)).join('\n\n')}`,
  );
  return `# ${title}\n\n${escaped(about)}\n\n${parts.join('\n\n')}\n`;
}

function blockOf(block: Block, folder: string): string {
  switch (block.kind) {
    case 'text':
      return escaped(block.text);
    case 'figure': {
      const legend = (block.legend ?? []).map(({ label, color }) => `${escaped(label)} \`${color}\``);
      const lines = [`![${escaped(block.caption)}](${folder}/${block.name}.svg)`, escaped(block.caption)];
      return [...lines, ...(legend.length > 0 ? [legend.join(', ')] : [])].join('\n\n');
    }
    case 'table': {
      const { caption, head, rows, words } = block;
      const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
      const rule = `| ${head.map((_, i) => (words || i === 0 ? '---' : '---:')).join(' | ')} |`;
      return `**${escaped(caption)}**\n\n${[line(head), rule, ...rows.map(line)].join('\n')}`;
    }
  }
}

/** Signs that Markdown, or a table of it, would take for its own. */
const escaped = (text: string) => text.replace(/[\\|*_<>[\]`]/g, '\\$&').replaceAll('\n', ' ');
