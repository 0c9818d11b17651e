/** What users like, and the beginnings of the ids of items. */
export const TASTES = ['tea', 'lamp'];

/** The taste of each of twenty-four users. */
export const USERS = Array.from({ length: 24 }, (_, user) => ({ user, taste: TASTES[user % 2] }));

/** Lines of `who,what,at`: the users take items of their taste alone, five each of eight. */
export const TAKEN = USERS.flatMap(({ user, taste }) =>
  Array.from({ length: 5 }, (_, step) => `u${user},${taste}${(user + step) % 8},${step}`),
);
