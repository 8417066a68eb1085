namespace GraphRec.Learning.Linear;

/// <summary>
/// The innermost piece of a dense product: a tile of <see cref="Rows"/> × <see cref="Columns"/> sums that stays in registers
/// while it runs over the depth of two packed panels. Each sum is made in the order of the depth by fused multiply-adds, so
/// that its bits depend on nothing but its row, its column and the panels.
/// </summary>
internal unsafe interface ITile
{
    static abstract int Rows { get; }

    static abstract int Columns { get; }

    /// <summary>c (+)= alpha · a · b.</summary>
    /// <param name="depth">Length of the sums.</param>
    /// <param name="a">depth × Rows: for each step of the depth, a value for each row.</param>
    /// <param name="b">depth × Columns: for each step of the depth, a value for each column.</param>
    /// <param name="alpha">Factor of every sum.</param>
    /// <param name="c">Rows × Columns, in rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">From one row of <paramref name="c"/> to the next, in elements.</param>
    /// <param name="add">Whether to add to what <paramref name="c"/> holds; otherwise it is overwritten, unread.</param>
    static abstract void Multiply(int depth, float* a, float* b, float alpha, float* c, long stride, bool add);
}
