/**
 * Dense id of a user, from 0. A plain number, such as an element of an `Int32Array`, serves as one without a cast;
 * an {@link ItemId} does not, so that the compiler finds users taken for items. The property exists in the type only.
 */
export type UserId = number & { readonly __denseIdOf?: 'user' };

/**
 * Dense id of an item, from 0. A plain number serves as one without a cast, a {@link UserId} does not.
 *
 * @example
 * ```ts
 * const users = new Vocabulary<UserId>(['ann', 'bo']);
 * const items = new Vocabulary<ItemId>(['hat', 'scarf']);
 * items.nameOf(1); // 'scarf'
 * items.nameOf(users.indexOf('bo')!); // does not compile: that is a user
 * ```
 */
export type ItemId = number & { readonly __denseIdOf?: 'item' };
