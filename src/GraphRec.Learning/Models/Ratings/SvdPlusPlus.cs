using System.Numerics.Tensors;
using GraphRec.Learning.Models.Factors;
using GraphRec.Learning.Simulation;

namespace GraphRec.Learning.Models.Ratings;

/// <summary>
/// Matrix factorisation with biases, r = μ + b_u + bᵢ + qᵢ·p_u (Koren, Bell, Volinsky, "Matrix factorization techniques for
/// recommender systems", IEEE Computer 2009), and SVD++, which adds what the user rated to who they are: p_u + Σ y_j / √|N_u|
/// (Koren, "Factorization meets the neighborhood", KDD 2008, §3). Both by stochastic gradient descent, a user after the other in an
/// order that is drawn anew for every epoch. One thread, whatever is asked for: steps depend on those before.
/// </summary>
public static class SvdPlusPlus
{
    /// <summary>Without implicit vectors.</summary>
    public static RatingKind Svd { get; } = new("svd", "matrix factorisation with biases, by gradient descent (Koren et al., IEEE Computer 2009)")
    {
        Fit = (input, cancel) => Fit(input, new SvdParameters { IsImplicit = false }, cancel),
    };

    public static RatingKind Definition { get; } = new("svdpp", "matrix factorisation that also learns from which items were rated, by gradient descent (Koren, KDD 2008)")
    {
        Fit = (input, cancel) => Fit(input, new SvdParameters(), cancel),
    };

    /// <summary>Descends.</summary>
    public static RatingModel Fit(RatingFitInput input, SvdParameters parameters, CancellationToken cancel = default)
    {
        var rows = RatingRows.Of(input.Train);
        var descent = new Descent(rows, parameters, input.Seed, cancel);
        for (var epoch = 0; epoch < parameters.Epochs; epoch++)
        {
            descent.Epoch((float)(parameters.LearningRate * (1 - ((double)epoch / parameters.Epochs))), cancel);
            input.Progress?.Report((epoch + 1.0) / parameters.Epochs);
        }
        return new RatingModel(
            parameters.IsImplicit ? Definition.Name : Svd.Name, rows.Mean, rows.Scale, 1, parameters.Factors + 1, descent.WholeUsers().ToArray(), descent.Items.ToArray());
    }

    /// <summary>The vectors while they are fitted; number 0 of those of users and items is the bias.</summary>
    private sealed class Descent
    {
        private readonly RatingRows _rows;
        private readonly SvdParameters _p;
        private readonly SimulationRandom _random;
        private readonly int[] _order;
        private readonly FactorTable _own;
        private readonly FactorTable _implicit;
        private readonly float[] _whole;
        private readonly float[] _pull;
        private readonly float[] _before;

        public Descent(RatingRows rows, SvdParameters p, int seed, CancellationToken cancel)
        {
            (_rows, _p, _random) = (rows, p, new SimulationRandom(seed, -1));
            _order = [.. Enumerable.Range(0, rows.ByUser.RowCount)];
            (_own, Items, _implicit) = (new(rows.ByUser.RowCount, p.Factors + 1), new(rows.ByItem.RowCount, p.Factors + 1), new(rows.ByItem.RowCount, p.Factors + 1));
            _own.Draw(seed, p.Deviation, 1, cancel);
            Items.Draw(seed + 1, p.Deviation, 1, cancel);
            for (var user = 0; user < _own.Count; user++)
            {
                _own[user][0] = 0;
                // No rating pulls these vectors anywhere, and so they must say nothing.
                if (rows.ByUser.CountOf(user) == 0) _own[user].Clear();
            }
            for (var item = 0; item < Items.Count; item++)
            {
                Items[item][0] = 0;
                if (rows.ByItem.CountOf(item) == 0) Items[item].Clear();
            }
            (_whole, _pull, _before) = (new float[Items.Stride], new float[Items.Stride], new float[Items.Stride]);
        }

        public FactorTable Items { get; }

        /// <summary>One pass over all ratings.</summary>
        public void Epoch(float rate, CancellationToken cancel)
        {
            for (var n = _order.Length - 1; n > 0; n--)
            {
                var drawn = _random.Below(n + 1);
                (_order[n], _order[drawn]) = (_order[drawn], _order[n]);
            }
            foreach (var user in _order)
            {
                cancel.ThrowIfCancellationRequested();
                User(user, rate);
            }
        }

        /// <summary>Each user's bias and vector with the implicit ones added.</summary>
        public FactorTable WholeUsers()
        {
            var users = new FactorTable(_own.Count, _p.Factors + 1);
            for (var user = 0; user < users.Count; user++) Whole(user, users[user]);
            return users;
        }

        private void Whole(int user, Span<float> into)
        {
            var items = _rows.ByUser.Columns(user);
            into.Clear();
            if (_p.IsImplicit)
            {
                foreach (var item in items) TensorPrimitives.Add(into, _implicit[item], into);
                TensorPrimitives.Multiply(into, 1 / MathF.Sqrt(Math.Max(1, items.Length)), into);
            }
            TensorPrimitives.Add(into, _own[user], into);
        }

        /// <summary>
        /// Steps of all ratings of a user. The implicit vectors take theirs together at the end: a user's cost is linear in their
        /// ratings, and not quadratic.
        /// </summary>
        private void User(int user, float rate)
        {
            var items = _rows.ByUser.Columns(user);
            var values = _rows.ByUser.Values(user);
            var own = _own[user];
            var (regularization, biasRegularization) = ((float)_p.Regularization, (float)_p.BiasRegularization);
            Whole(user, _whole);
            _pull.AsSpan().Clear();
            for (var n = 0; n < items.Length; n++)
            {
                var item = Items[items[n]];
                item.CopyTo(_before);
                var error = values[n] - _whole[0] - _before[0] - TensorPrimitives.Dot(_whole.AsSpan(1), _before.AsSpan(1));
                for (var k = 1; k < item.Length; k++)
                {
                    item[k] += rate * ((error * _whole[k]) - (regularization * _before[k]));
                    var step = rate * ((error * _before[k]) - (regularization * own[k]));
                    (own[k], _whole[k]) = (own[k] + step, _whole[k] + step);
                }
                item[0] += rate * (error - (biasRegularization * _before[0]));
                own[0] += rate * (error - (biasRegularization * own[0]));
                _whole[0] = own[0];
                TensorPrimitives.MultiplyAdd(_before, error, _pull, _pull);
            }
            if (!_p.IsImplicit) return;
            var scale = rate / MathF.Sqrt(items.Length);
            var keep = MathF.Max(0, 1 - (rate * regularization * items.Length));
            foreach (var other in items)
            {
                var vector = _implicit[other];
                for (var k = 1; k < vector.Length; k++) vector[k] = (keep * vector[k]) + (scale * _pull[k]);
            }
        }
    }
}

/// <summary>What <see cref="SvdPlusPlus"/> is fitted with. Defaults are the best of a few on a part cut from one training fold of MovieLens 100K.</summary>
public sealed record SvdParameters
{
    /// <summary>Whether the items rated count as such: SVD++.</summary>
    public bool IsImplicit { get; init; } = true;

    /// <summary>Numbers per vector beside the bias.</summary>
    public int Factors { get; init; } = 31;

    /// <summary>Passes over the ratings.</summary>
    public int Epochs { get; init; } = 60;

    /// <summary>Length of the first steps; it falls to 0 in a line.</summary>
    public double LearningRate { get; init; } = 0.02;

    /// <summary>Keeps vectors short.</summary>
    public double Regularization { get; init; } = 0.12;

    /// <summary>Keeps biases small.</summary>
    public double BiasRegularization { get; init; } = 0.02;

    /// <summary>Standard deviation of the random vectors at first.</summary>
    public double Deviation { get; init; } = 0.1;
}
