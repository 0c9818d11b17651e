/**
 * Keeps the k largest of many values, equal ones in order of id: a heap in typed arrays that is used again and again,
 * the least of the kept at its root.
 */
export class BestFew {
  readonly ids: Int32Array;
  readonly values: Float64Array;
  /** How many are kept. */
  size = 0;

  constructor(readonly k: number) {
    this.ids = new Int32Array(k);
    this.values = new Float64Array(k);
  }

  clear(): void {
    this.size = 0;
  }

  offer(id: number, value: number): void {
    const { ids, values, k } = this;
    if (this.size < k) {
      let at = this.size++;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!(value < values[parent] || (value === values[parent] && id > ids[parent]))) break;
        ids[at] = ids[parent];
        values[at] = values[parent];
        at = parent;
      }
      ids[at] = id;
      values[at] = value;
      return;
    }
    if (k === 0 || value < values[0] || (value === values[0] && id > ids[0])) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= k) break;
      if (
        child + 1 < k &&
        (values[child + 1] < values[child] ||
          (values[child + 1] === values[child] && ids[child + 1] > ids[child]))
      )
        child++;
      if (!(values[child] < value || (values[child] === value && ids[child] > id))) break;
      ids[at] = ids[child];
      values[at] = values[child];
      at = child;
    }
    ids[at] = id;
    values[at] = value;
  }
}
