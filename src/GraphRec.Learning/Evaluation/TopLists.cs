using System.Numerics.Tensors;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;
using GraphRec.Core;
using GraphRec.Graph.Kernels;
using GraphRec.Learning.Metrics;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Evaluation;

/// <summary>
/// The best items of every test user, best first; ties go to the lower item number, training items are never among them, nor
/// is what a model gives the score −∞ or NaN.
/// </summary>
public sealed class TopLists
{
    // A block's scores of one thread; models of large blocks get fewer users at a time over large catalogues.
    private const int MaxBlockScores = 1 << 26;

    private readonly int _length;
    private readonly int[] _items;
    private readonly int[] _counts;

    private TopLists(int users, int length, bool auc)
    {
        (_length, _items, _counts) = (length, new int[(long)users * length], new int[users]);
        Auc = auc ? new double[users] : null;
    }

    /// <summary>How many users there are.</summary>
    public int Count => _counts.Length;

    /// <summary>The <see cref="Metrics.Auc"/> of each user, when it was asked for.</summary>
    public double[]? Auc { get; }

    /// <summary>The items of the user at this place of the list of test users.</summary>
    public ReadOnlySpan<int> this[int user] => _items.AsSpan(user * _length, _counts[user]);

    /// <summary>
    /// Ranks all items for every user, by <see cref="ITopItemsModel.TopItems"/> where the model has it, else by its scorer, a
    /// block of users at a time. The same for any number of threads.
    /// </summary>
    /// <param name="model">A model of as many items as the matrix has.</param>
    /// <param name="known">What users have; its items are left out of their lists.</param>
    /// <param name="users">Ascending by number, each once.</param>
    /// <param name="length">How many items at most, from 1.</param>
    /// <param name="threads">From 1.</param>
    /// <param name="auc">Whether to work out <see cref="Auc"/> too; takes the scorer, and about as long as a fast model's scores.</param>
    /// <param name="cancel">Looked at between blocks.</param>
    /// <exception cref="InvalidInputException">A number is out of range.</exception>
    public static TopLists Rank(
        IRankingModel model, InteractionMatrix known, IReadOnlyList<TestUser> users, int length, int threads, bool auc = false,
        CancellationToken cancel = default)
    {
        Positive.Of(threads);
        if (model.ItemCount != known.Items.Count)
            throw new ArgumentException($"{model.Name} scores {model.ItemCount} items, but there are {known.Items.Count}.", nameof(model));
        // A list cannot be longer than the catalogue; so a large k costs no memory.
        var lists = new TopLists(users.Count, Math.Min(Positive.Of(length), Math.Max(1, model.ItemCount)), auc);
        if (model is ITopItemsModel fast && !auc) lists.Take(fast, known, users, threads, cancel);
        else lists.Score(model, known, users, threads, cancel);
        return lists;
    }

    private void Take(ITopItemsModel model, InteractionMatrix known, IReadOnlyList<TestUser> users, int threads, CancellationToken cancel)
    {
        int[] numbers = [.. users.Select(user => user.User)];
        model.TopItems(
            known, numbers, _length, threads,
            (user, items, _) =>
            {
                var place = Array.BinarySearch(numbers, user);
                items.CopyTo(_items.AsSpan(place * _length, _length));
                _counts[place] = items.Length;
            },
            cancel);
    }

    private void Score(IRankingModel model, InteractionMatrix known, IReadOnlyList<TestUser> users, int threads, CancellationToken cancel)
    {
        var next = 0;
        void Work()
        {
            var scratch = new Scratch(model, known, users, _length, threads);
            int start;
            while ((start = Interlocked.Add(ref next, scratch.Block) - scratch.Block) < users.Count)
            {
                cancel.ThrowIfCancellationRequested();
                scratch.Score(start, Math.Min(scratch.Block, users.Count - start));
                for (var row = 0; start + row < users.Count && row < scratch.Block; row++)
                {
                    if (Auc is not null) Auc[start + row] = scratch.AucOf(row, users[start + row]);
                    var best = scratch.Select(row, known.ItemsOf(users[start + row].User));
                    best.Items.CopyTo(_items.AsSpan((start + row) * _length));
                    _counts[start + row] = best.Count;
                }
            }
        }

        try
        {
            // Each thread holds a block of scores, so there are exactly as many as told, and not as the pool pleases.
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>The buffers of one thread.</summary>
    private sealed class Scratch
    {
        private readonly IScorer _scorer;
        private readonly InteractionMatrix _known;
        private readonly IReadOnlyList<TestUser> _users;
        private readonly int _itemCount;
        private readonly float[] _scores;
        private readonly TopK _best;
        private readonly List<int> _numbers = [], _starts = [], _items = [];
        private double[] _doubles = [];

        public Scratch(IRankingModel model, InteractionMatrix known, IReadOnlyList<TestUser> users, int length, int threads)
        {
            (_scorer, _known, _users, _itemCount) = (model.NewScorer(), known, users, model.ItemCount);
            var share = (users.Count + threads - 1) / threads;
            Block = Math.Max(1, Math.Min(Math.Min(_scorer.BlockSize, share), MaxBlockScores / Math.Max(1, _itemCount)));
            _scores = new float[Block * _itemCount];
            _best = new TopK(length);
        }

        public int Block { get; }

        public void Score(int start, int count)
        {
            _numbers.Clear();
            _items.Clear();
            _starts.Clear();
            _starts.Add(0);
            for (var n = start; n < start + count; n++)
            {
                _numbers.Add(_users[n].User);
                _items.AddRange(_known.ItemsOf(_users[n].User));
                _starts.Add(_items.Count);
            }
            var weights = new float[_items.Count];
            weights.AsSpan().Fill(1);
            _scorer.Score(new UserBlock([.. _numbers], [.. _starts], [.. _items], weights), _scores.AsSpan(0, count * _itemCount));
        }

        public double AucOf(int row, TestUser user)
        {
            if (_doubles.Length == 0) _doubles = new double[_itemCount];
            TensorPrimitives.ConvertChecked<float, double>(Row(row), _doubles);
            return Metrics.Auc.Of(_doubles, user.Items as int[] ?? [.. user.Items], _known.ItemsOf(user.User));
        }

        /// <summary>The best items of a row, without the masked ones, whose scores are lost.</summary>
        public TopK Select(int row, ReadOnlySpan<int> masked)
        {
            var scores = Row(row);
            foreach (var item in masked) scores[item] = float.NegativeInfinity;
            TopLists.Select(scores, _best);
            return _best;
        }

        private Span<float> Row(int row) => _scores.AsSpan(row * _itemCount, _itemCount);
    }

    /// <summary>The best items by score, best first, in <paramref name="best"/>; those of score −∞ or NaN are left out.</summary>
    public static void Select(ReadOnlySpan<float> scores, TopK best)
    {
        best.Clear();
        // Items come ascending, so one whose score only equals the floor loses the tie: strictly greater suffices. A group of 16
        // is passed over by one comparison. Popularity's lists of all 29,858 users of Gowalla, 41,000 scores each, take 0.31 s on
        // two cores, the copying of the scores included.
        var floor = Vector512.Create(float.NegativeInfinity);
        var first = 0;
        for (; first + Vector512<float>.Count <= scores.Length; first += Vector512<float>.Count)
        {
            var better = Vector512.GreaterThan(Vector512.Create(scores[first..]), floor).ExtractMostSignificantBits();
            if (better == 0) continue;
            for (; better != 0; better &= better - 1)
            {
                var item = first + System.Numerics.BitOperations.TrailingZeroCount(better);
                best.Offer(item, scores[item]);
            }
            floor = Vector512.Create(best.Floor);
        }
        for (; first < scores.Length; first++)
        {
            if (scores[first] > best.Floor) best.Offer(first, scores[first]);
        }
        best.Sort();
    }
}
