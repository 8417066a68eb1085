namespace GraphRec.Recommend;

/// <summary>
/// The best of many dramas by score, ties to the lower index: a bounded heap with the worst at its root, instead of
/// sorting thousands to read the first hundred.
/// </summary>
public sealed class BestItems(int capacity)
{
    private readonly int[] _items = new int[capacity];
    private readonly double[] _scores = new double[capacity];
    private int _count;

    /// <summary>Keeps the drama if it is among the best so far. Each may be offered once; NaN is not allowed.</summary>
    public void Offer(int item, double score)
    {
        if (_count < _items.Length)
        {
            var i = _count++;
            for (; i > 0 && Worse(score, item, (i - 1) / 2); i = (i - 1) / 2) Move((i - 1) / 2, i);
            (_scores[i], _items[i]) = (score, item);
        }
        else if (_count > 0 && !Worse(score, item, 0))
        {
            Sink(score, item, _count);
        }
    }

    /// <summary>Takes all out, best first.</summary>
    public int[] Take()
    {
        var taken = new int[_count];
        while (_count > 0)
        {
            taken[--_count] = _items[0];
            Sink(_scores[_count], _items[_count], _count);
        }
        return taken;
    }

    private bool Worse(double score, int item, int than) =>
        score < _scores[than] || (score == _scores[than] && item > _items[than]);

    /// <summary>Puts a drama in the root's place and lets it sink within the first <paramref name="count"/>.</summary>
    private void Sink(double score, int item, int count)
    {
        var i = 0;
        while (2 * i + 1 < count)
        {
            var child = 2 * i + 1;
            if (child + 1 < count && Worse(_scores[child + 1], _items[child + 1], child)) child++;
            if (Worse(score, item, child)) break;
            Move(child, i);
            i = child;
        }
        (_scores[i], _items[i]) = (score, item);
    }

    private void Move(int from, int to) => (_scores[to], _items[to]) = (_scores[from], _items[from]);
}
