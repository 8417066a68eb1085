using CsCheck;
using GraphRec.Learning.Data;
using GraphRec.Learning.Evaluation;
using GraphRec.Learning.Models;
using GraphRec.Learning.Models.Factors;
using Xunit;

namespace GraphRec.Tests.Learning.Models.Factors;

public sealed class IalsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Items (1) and (2), so that G = 5. With α0 = 0.1 and λ = 0.5 the user of the second has w = 2 / (0.5 + 0.5 + 4) = 0.4;
    /// the item counted three times gives 6 / 13, counted −1 times −0.4; both together (1 + 2) / (1 + 1 + 4) = 0.5.
    /// </summary>
    [Theory]
    [InlineData(new[] { 1 }, new float[] { 1 }, 0.4f)]
    [InlineData(new[] { 1 }, new float[] { 3 }, 6f / 13)]
    [InlineData(new[] { 1 }, new float[] { -1 }, -0.4f)]
    [InlineData(new[] { 0, 1 }, new float[] { 1, 1 }, 0.5f)]
    [InlineData(new int[0], new float[0], 0f)]
    public void One_number_per_vector_by_hand(int[] items, float[] weights, float expected)
    {
        var solver = new IalsSolver(FactorTable.Of([1, 2], 1), [0.5f, .. new float[15]]);
        var w = new float[16];
        solver.Solve(items, weights, 0.5f, w);
        Assert.Equal(expected, w[0], 1e-6f);
        Assert.All(w[1..], padding => Assert.Equal(0, padding));
    }

    [Fact]
    public void Any_row_is_solved_as_by_the_normal_equations() => Rows.Sample(row =>
    {
        var (table, diagonal, items, weights, lambda, _) = row;
        var expected = Slow(table, diagonal, items, weights, lambda);
        var w = new float[table.Stride];
        new IalsSolver(table, diagonal).Solve(items, weights, lambda, w);
        Dense.Close(expected, w.AsSpan(0, table.Factors));
    }, iter: 200);

    [Fact]
    public void Contributions_are_each_items_share_of_the_score() => Rows.Sample(row =>
    {
        var (table, diagonal, items, weights, lambda, target) = row;
        var contributions = new float[items.Length];
        new IalsSolver(table, diagonal).Explain(items, weights, lambda, target, contributions);
        // The score is wᵀh = Σ c t hₙᵀ A⁻¹ h: the same matrix, with the target item on the right.
        var v = Slow(table, diagonal, items, weights, lambda, target);
        double[] expected = [.. Enumerable.Range(0, items.Length).Select(n => Enumerable.Range(0, table.Factors).Sum(k => weights[n] * table[items[n]][k] * v[k]))];
        Dense.Close(expected, contributions);
        var w = Slow(table, diagonal, items, weights, lambda);
        var score = Enumerable.Range(0, table.Factors).Sum(k => w[k] * table[target][k]);
        Assert.Equal(score, contributions.Sum(c => (double)c), 1e-3 * Math.Max(1, contributions.Sum(c => Math.Abs((double)c))));
    }, iter: 100);

    /// <summary>The same numbers by the shuffles of AVX-512 and by plain loops, whichever this machine runs: against plain loops here.</summary>
    [Fact]
    public unsafe void Sixteen_rows_become_columns()
    {
        var random = new Random(2);
        var (table, factors, into) = (new AlignedFloats(16 * 48), new AlignedFloats(32), new AlignedFloats(16 * 32));
        foreach (ref var x in table.Span) x = random.NextSingle();
        foreach (ref var x in factors.Span) x = random.NextSingle();
        var rows = stackalloc float*[16];
        for (var r = 0; r < 16; r++) rows[r] = table.Pointer + (48 * (15 - r));
        RegisterBlocks.Transpose(rows, 32, factors.Pointer, factors.Pointer + 16, into.Pointer, 32);
        for (var r = 0; r < 16; r++)
        {
            for (var c = 0; c < 16; c++)
                Assert.Equal(table.Span[(48 * (15 - r)) + 32 + c] * factors.Span[c] * factors.Span[16 + r], into.Span[(c * 32) + r]);
        }
    }

    [Fact]
    public void Rotation_leaves_scores_alone_and_makes_the_gram_matrix_diagonal() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 1000]).Sample((factors, seed) =>
    {
        var (table, other) = (new FactorTable(90, factors), new FactorTable(90, factors));
        table.Draw(seed, 1, 1, Cancel);
        other.Draw(seed, 1, 1, Cancel);
        var side = IalsSide.Of(table, 0.5, 2, Cancel);
        var gram = table.Gram(3, Cancel);
        for (var i = 0; i < factors; i++)
        {
            for (var j = 0; j < factors; j++) Assert.Equal(i == j ? 2 * side.Diagonal[i] : 0, gram[i, j], 0.02);
        }
        for (var row = 0; row < 90; row++) Assert.Equal(Dot(other[0], other[row]), Dot(table[0], table[row]), 1e-3);
    }, iter: 20);

    /// <summary>Every half of an epoch finds the best vectors for the other side as it is, so the loss never rises.</summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void The_loss_falls_with_every_epoch(double nu)
    {
        var train = ModelContractTests.Data.Train;
        var losses = Enumerable.Range(1, 6).Select(epochs =>
        {
            var p = new IalsParameters(5, epochs, 0.1, 0.05, nu, 0.1);
            var items = IalsFit.Run(train, p, 3, 2, null, Cancel);
            var solver = new IalsSolver(items.Table, items.Diagonal);
            var users = new FactorTable(train.Users.Count, 5);
            for (var user = 0; user < users.Count; user++) solver.Solve(train.ItemsOf(user), [], p.Lambda(train.ItemsOf(user).Length, 24), users[user]);
            return Loss(train, users, items.Table, p);
        }).ToArray();
        for (var n = 1; n < losses.Length; n++) Assert.True(losses[n] <= losses[n - 1] * (1 + 1e-6), $"{losses[n]} after {losses[n - 1]}");
        Assert.True(losses[^1] < losses[0]);
    }

    [Fact]
    public void A_new_item_raises_its_like_at_once()
    {
        var model = ModelKinds.Fit(ModelRecipe.Default("ials").With("factors", 4), FitInput.Of(ModelContractTests.Data, 1, 2), Cancel);
        var (before, after) = (new float[24], new float[24]);
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, 2], [1, 3], [1, 1]), before);
        model.NewScorer().Score(new UserBlock([UserBlock.Unknown], [0, 4], [0, 1, 2, 3], [1, 1, 1, 1]), after);
        int[] even = [4, 6, 8, 10, 12, 14];
        Assert.True(even.Sum(item => after[item]) > even.Sum(item => before[item]) + 0.5);
    }

    private static double Loss(InteractionMatrix train, FactorTable users, FactorTable items, IalsParameters p)
    {
        var loss = 0.0;
        for (var user = 0; user < users.Count; user++)
        {
            for (var item = 0; item < items.Count; item++)
            {
                var score = Dot(users[user], items[item]);
                loss += (p.Alpha0 * score * score) + (train.ItemsOf(user).BinarySearch(item) >= 0 ? (score - 1) * (score - 1) : 0);
            }
            loss += p.Lambda(train.ItemsOf(user).Length, items.Count) * Dot(users[user], users[user]);
        }
        for (var item = 0; item < items.Count; item++) loss += p.Lambda(train.UsersOf(item).Length, users.Count) * Dot(items[item], items[item]);
        return loss;
    }

    /// <summary>A table, its diagonal, a row's items (fewer and more than factors), weights of both signs, λ, and some item.</summary>
    private static Gen<(FactorTable Table, float[] Diagonal, int[] Items, float[] Weights, float Lambda, int Target)> Rows =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 150], Gen.Int[0, 1000]).Select((factors, count, seed) =>
        {
            var random = new Random(seed);
            var table = new FactorTable(160, factors);
            table.Draw(seed, 0.5, 1, default);
            var diagonal = new float[table.Stride];
            for (var k = 0; k < factors; k++) diagonal[k] = random.NextSingle() * 3;
            int[] items = [.. Enumerable.Range(0, 160).Where(_ => random.Next(160) < count)];
            float[] weights = seed % 3 == 0 ? [.. items.Select(_ => 1f)] : [.. items.Select(_ => ((random.NextSingle() * 2) + 0.1f) * (random.Next(4) == 0 ? -1 : 1))];
            return (table, diagonal, items, weights, 0.05f + random.NextSingle(), random.Next(160));
        });

    /// <summary>The row's vector; with a target, A⁻¹ times that item's.</summary>
    private static double[] Slow(FactorTable table, float[] diagonal, int[] items, float[] weights, double lambda, int target = -1)
    {
        var d = table.Factors;
        var (a, b) = (new double[d, d], new double[d]);
        for (var k = 0; k < d; k++) a[k, k] = diagonal[k] + lambda;
        for (var n = 0; n < items.Length; n++)
        {
            var h = table[items[n]];
            for (var i = 0; i < d; i++)
            {
                b[i] += weights[n] * h[i];
                for (var j = 0; j < d; j++) a[i, j] += Math.Abs(weights[n]) * (double)h[i] * h[j];
            }
        }
        for (var k = 0; k < d && target >= 0; k++) b[k] = table[target][k];
        return Dense.Solve(a, b);
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++) sum += (double)a[k] * b[k];
        return sum;
    }
}
