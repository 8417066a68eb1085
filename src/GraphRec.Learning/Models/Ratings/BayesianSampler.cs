using System.Runtime.Intrinsics;
using GraphRec.Learning.Models.Factors;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>
/// The state of the Gibbs sampler of <see cref="BayesianSvdPlusPlus"/>. Number 0 of every vector is a bias: with x = (1, qᵢ)
/// and s_u = Σ y_j / √|N_u| over what the user rated, r = μ + bᵢ + x·(p_u + s_u) + noise. Whole vectors are drawn at once from
/// their conditional distribution, which is normal. Not for concurrent use.
/// </summary>
internal sealed unsafe class BayesianSampler
{
    private readonly RatingRows _rows;
    private readonly int _seed;
    private readonly int _threads;
    private readonly int _d;
    private readonly FactorTable _own;
    private readonly FactorTable _implicit;
    private readonly FactorTable _implicitSums;
    private readonly FactorTable _items;
    private readonly FactorTable _users;
    private readonly FactorTable _residuals;
    private readonly FactorTable _grams;
    private readonly NormalPrior _userPrior;
    private readonly NormalPrior _itemPrior;
    private readonly NormalPrior _implicitPrior;
    private readonly double[] _squares;
    private double _noisePrecision = 1;
    private long _draws;

    /// <param name="rows">The ratings.</param>
    /// <param name="factors">How long vectors are without their bias.</param>
    /// <param name="seed">For every draw.</param>
    /// <param name="threads">The draws are the same for any number.</param>
    /// <param name="cancel">Looked at between blocks of rows.</param>
    public BayesianSampler(RatingRows rows, int factors, int seed, int threads, CancellationToken cancel)
    {
        (_rows, _seed, _threads) = (rows, seed, threads);
        var (users, items, length) = (rows.ByUser.RowCount, rows.ByItem.RowCount, factors + 1);
        (_own, _users, _implicitSums, _residuals) = (new(users, length), new(users, length), new(users, length), new(users, length));
        (_items, _implicit) = (new(items, length), new(items, length));
        _d = _items.Stride;
        _grams = new FactorTable(users, _d * _d);
        (_userPrior, _itemPrior, _implicitPrior) = (new(length), new(length), new(length));
        _squares = new double[items];
        _items.Draw(seed, 0.1, threads, cancel);
        _own.Draw(seed + 1, 0.1, threads, cancel);
    }

    /// <summary>Each user's whole vector, p_u + s_u.</summary>
    public FactorTable Users => _users;

    /// <summary>Each item's vector.</summary>
    public FactorTable Items => _items;

    /// <summary>Draws everything once.</summary>
    public void Sweep(CancellationToken cancel)
    {
        _userPrior.Draw(_own, NextStream());
        _itemPrior.Draw(_items, NextStream());
        _implicitPrior.Draw(_implicit, NextStream());
        DrawUsers(cancel);
        DrawImplicit(cancel);
        for (var user = 0; user < _users.Count; user++)
        {
            for (var k = 0; k < _d; k++) _users[user][k] = _own[user][k] + _implicitSums[user][k];
        }
        DrawItems(cancel);
        var squares = 0.0;
        foreach (var square in _squares) squares += square;
        _noisePrecision = NextStream().Gamma((1 + _rows.ByUser.Count) / 2.0) / ((1 + squares) / 2);
    }

    private SimulationRandom NextStream() => new(_seed, 1L + _draws++);

    /// <summary>Every sweep and row has a stream of its own.</summary>
    private SimulationRandom StreamOf(long draw, int row) => new(_seed, ((draw + 1) << 32) + row);

    private void DrawUsers(CancellationToken cancel)
    {
        var draw = _draws++;
        ParallelRows.ForEach(_own.Count, 32, _threads, () => new NormalDraw(_d), (scratch, user) =>
        {
            var columns = _rows.ByUser.Columns(user);
            var values = _rows.ByUser.Values(user);
            var sum = _implicitSums[user];
            scratch.Begin();
            for (var n = 0; n < columns.Length; n++)
            {
                var item = _items.Row(columns[n]);
                scratch.Add(item, values[n] - item[0], sum);
            }
            scratch.End();
            scratch.Draw(_userPrior, (float)_noisePrecision, StreamOf(draw, user), _own[user]);
            new Span<float>(scratch.Gram, _d * _d).CopyTo(_grams[user]);
            scratch.Residual(_own[user], _residuals[user]);
        }, cancel);
    }

    private void DrawItems(CancellationToken cancel)
    {
        var draw = _draws++;
        ParallelRows.ForEach(_items.Count, 32, _threads, () => new NormalDraw(_d), (scratch, item) =>
        {
            var columns = _rows.ByItem.Columns(item);
            var values = _rows.ByItem.Values(item);
            scratch.Begin();
            for (var n = 0; n < columns.Length; n++)
            {
                var user = _users.Row(columns[n]);
                scratch.Add(user, values[n] - user[0], default);
            }
            scratch.End();
            scratch.Draw(_itemPrior, (float)_noisePrecision, StreamOf(draw, item), _items[item]);
            _squares[item] = scratch.SquaredError(_items[item]);
        }, cancel);
    }

    /// <summary>
    /// Draws the vectors of the items as things that were rated, one after the other, because each one's distribution depends
    /// on all the others. A user's ratings enter by their Gram matrix and residuals alone, so that an item costs d² per user
    /// who rated it and not d² per rating of theirs.
    /// </summary>
    private void DrawImplicit(CancellationToken cancel)
    {
        var draw = _draws++;
        var scratch = new NormalDraw(_d);
        var difference = new float[_d];
        for (var item = 0; item < _implicit.Count; item++)
        {
            if (item % 64 == 0) cancel.ThrowIfCancellationRequested();
            var users = _rows.ByItem.Columns(item);
            scratch.Begin();
            foreach (var user in users)
            {
                var count = (float)_rows.ByUser.CountOf(user);
                scratch.AddScaled(_grams.Row(user), 1 / count, _residuals.Row(user), 1 / MathF.Sqrt(count));
            }
            var own = _implicit[item];
            own.CopyTo(difference);
            scratch.AddGramTimes(own);
            scratch.Draw(_implicitPrior, (float)_noisePrecision, StreamOf(draw, item), own);
            for (var k = 0; k < _d; k++) difference[k] = own[k] - difference[k];
            foreach (var user in users) Shift(user, difference);
        }
    }

    /// <summary>Adds a change of one of the user's implicit vectors to their sum, and takes what it explains from their residuals.</summary>
    private void Shift(int user, float[] difference)
    {
        var root = 1 / MathF.Sqrt(_rows.ByUser.CountOf(user));
        var gram = _grams[user];
        var residual = _residuals[user];
        var sum = _implicitSums[user];
        for (var j = 0; j < _d; j += RegisterBlocks.Lanes)
        {
            var taken = Vector512.Create<float>(residual[j..]);
            for (var k = 0; k < _d; k++)
                taken = Vector512.FusedMultiplyAdd(Vector512.Create(-difference[k] * root), Vector512.Create<float>(gram[((k * _d) + j)..]), taken);
            taken.CopyTo(residual[j..]);
            Vector512.FusedMultiplyAdd(Vector512.Create<float>(difference.AsSpan(j)), Vector512.Create(root), Vector512.Create<float>(sum[j..])).CopyTo(sum[j..]);
        }
    }
}
