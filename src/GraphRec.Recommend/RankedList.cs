using System.Numerics;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Graph.Kernels;
using GraphRec.Ranking;
using GraphRec.Ranking.ReRanking;

namespace GraphRec.Recommend;

/// <summary>
/// The ranked dramas of one request, with what every score is made of.
/// <code>
/// feature  x(s,d)  = raw score of source s for d / largest absolute raw score of s among eligible dramas
/// relevance r(d)   = Σ_s weight(s) · x(s,d) / largest such sum among eligible dramas, at least 0.01
/// score(d)         = w_rel·r + w_div·(1 − similarity to the nearest drama above) + w_fresh·2^(−age/half-life)
///                    + w_compl·completion rate + w_prio·priority
/// </code>
/// The ledger lists the terms of the last two lines, so that it sums to the score. With a learned ranker the relevance of the
/// candidates is its own (<see cref="LearnedScores"/>), and the ledger lists what each group of features brought to it.
/// </summary>
public sealed class RankedList : IDisposable
{
    /// <summary>
    /// The least that relevance is scaled by. Where likes and dislikes cancel out, the best fit is next to nothing, and to
    /// call it 1 would blow up what fits worse (scores of −68 were seen) and make rounding into a match.
    /// </summary>
    private const double MinFit = 0.01;

    private readonly Workspace _workspace;
    private readonly Workspace.Pool _pool;
    private readonly RankModel _model;
    private readonly double[] _scales;
    private readonly double[] _rawToScore;
    private readonly int _today;
    private double _relevanceScale;
    private CandidateMatrix? _matrix;
    private LearnedScores? _learned;
    private RankedItem[] _window = [];

    internal RankedList(UserContext user, GraphSnapshot snapshot, Workspace workspace, Eligibility eligibility, RankModel model, Workspace.Pool pool)
    {
        (User, Snapshot, _workspace, Eligibility, _model, _pool) = (user, snapshot, workspace, eligibility, model, pool);
        _scales = new double[model.Sources.Count];
        _rawToScore = new double[model.Sources.Count];
        _today = DateOnly.FromDateTime(user.Now.UtcDateTime).DayNumber;
    }

    public UserContext User { get; }
    public GraphSnapshot Snapshot { get; }
    public Eligibility Eligibility { get; }
    public RankModel Model => _model;

    /// <summary>The best dramas in their order. Further down no page goes; see <see cref="RankOf"/> for the rest.</summary>
    public ReadOnlySpan<RankedItem> Window => _window;

    /// <summary>Whether, and if not why, the drama may be shown.</summary>
    public Ineligible Why(int drama) => _workspace.Eligible[drama];
    public bool IsEligible(int drama) => _workspace.Eligible[drama] == Ineligible.No;

    /// <summary>The feature of one source, in [-1, 1].</summary>
    public float Feature(int source, int drama) => (float)(Raw(source, drama) * _scales[source]);

    /// <summary>The source's raw score, as its evidence sums to.</summary>
    public float Raw(int source, int drama) => _workspace.Scores[source][drama];

    /// <summary>Whether the learned ranker failed, so that the linear one ordered the list.</summary>
    public bool FellBack { get; private set; }

    /// <summary>The part of the served score that came from the source.</summary>
    public double PartOf(int source, int drama) =>
        LearnedRow(drama) is >= 0 and var row ? _model.Recipe.Objectives.Relevance * _learned!.Parts(row)[source] : Raw(source, drama) * _rawToScore[source];

    /// <summary>What turns one unit of the source's raw score for the drama into served score; 0 where a learned ranker gives nothing for it.</summary>
    public double RawToScore(int source, int drama)
    {
        if (LearnedRow(drama) < 0) return _rawToScore[source];
        var raw = Raw(source, drama);
        return raw == 0 ? 0 : PartOf(source, drama) / raw;
    }

    /// <summary>How well it fits the viewer, as a share of the best fit among what they may be shown.</summary>
    public double Relevance(int drama) => LearnedRow(drama) is >= 0 and var row ? _learned!.Relevance(row) : LinearRelevance(drama);

    /// <summary>The served score.</summary>
    public double ScoreOf(int drama) => PlaceOf(drama) is >= 0 and var place ? _window[place].Score : IsEligible(drama) ? _workspace.Base[drama] : BaseOf(drama);

    /// <summary>The rank among everything eligible, from 1; null when the drama is not eligible.</summary>
    public int? RankOf(int drama)
    {
        if (!IsEligible(drama)) return null;
        if (PlaceOf(drama) is >= 0 and var place) return place + 1;
        var own = _workspace.Base[drama];
        var above = _window.Length;
        for (var d = 0; d < _workspace.Dramas; d++)
        {
            if (!IsEligible(d) || PlaceOf(d) >= 0) continue;
            if (_workspace.Base[d] > own || (_workspace.Base[d] == own && d < drama)) above++;
        }
        return above + 1;
    }

    /// <summary>Works out what the scores of some dramas are made of, together, which takes less than one after the other.</summary>
    public void Explain(ReadOnlySpan<int> dramas)
    {
        if (_learned is null) return;
        var rows = new List<int>(dramas.Length);
        foreach (var drama in dramas)
            if (LearnedRow(drama) is >= 0 and var row) rows.Add(row);
        _learned.Explain(rows);
    }

    /// <summary>The terms of the score; they sum to it. Terms of 0 are left out.</summary>
    public List<Contribution> Ledger(int drama)
    {
        var weights = _model.Recipe.Objectives;
        var ledger = new List<Contribution>(24);
        if (LearnedRow(drama) is >= 0 and var row)
        {
            Append(ledger, LedgerNames.Baseline, weights.Relevance * _learned!.Baseline(row));
            for (var g = 0; g < _model.Features.Groups.Count; g++) Append(ledger, _model.Features.Groups[g], weights.Relevance * _learned.Parts(row)[g]);
        }
        else
        {
            for (var s = 0; s < _scales.Length; s++) Append(ledger, _model.Sources[s].Name, PartOf(s, drama));
        }
        if (PlaceOf(drama) is >= 0 and var place)
        {
            Append(ledger, LedgerNames.Diversity, _window[place].Diversity);
            Append(ledger, LedgerNames.Calibration, _window[place].Calibration);
        }
        Append(ledger, LedgerNames.Freshness, weights.Freshness * Freshness(drama));
        Append(ledger, LedgerNames.Completion, weights.Completion * Snapshot.Derived.Completion[drama]);
        Append(ledger, LedgerNames.Priority, weights.Priority * Snapshot.Dramas[drama].Priority);
        return ledger;
    }

    /// <summary>The candidates with their features (<see cref="RankModel.Features"/>): as a ranker sees them, and as logged.</summary>
    public CandidateMatrix Matrix => _matrix ??= CandidateMatrix.Of(this, _workspace, _relevanceScale, _scales);

    public void Dispose()
    {
        foreach (var item in _window) _workspace.Places[item.Item] = 0;
        if (_matrix is { } matrix)
            foreach (var drama in matrix.Candidates) _workspace.Rows[drama] = 0;
        _pool.Return(_workspace);
    }

    internal void Order()
    {
        AddFeatures();
        double best = 0;
        for (var d = 0; d < _workspace.Dramas; d++)
            if (IsEligible(d)) best = Math.Max(best, _workspace.Fit[d]);
        _relevanceScale = best > 0 ? 1 / Math.Max(best, MinFit) : 0;
        for (var s = 0; s < _scales.Length; s++)
            _rawToScore[s] = _model.Recipe.Objectives.Relevance * _model.Ranker.Weight(s) * _scales[s] * _relevanceScale;
        if (_model.Learned is { } learned) Learn(learned);
        var top = new BestItems(_model.Recipe.Window);
        for (var d = 0; d < _workspace.Dramas; d++)
            if (IsEligible(d)) top.Offer(d, _workspace.Base[d] = BaseOf(d));
        var items = Array.ConvertAll(top.Take(), d => new RankItem(d, _workspace.Base[d]));
        _window = new RankedItem[items.Length];
        ReRank(items);
        for (var i = 0; i < _window.Length; i++) _workspace.Places[_window[i].Item] = i + 1;
    }

    private void ReRank(RankItem[] items)
    {
        var (recipe, similarity) = (_model.Recipe, new FactSimilarity(Snapshot.Derived));
        var calibration = recipe.Objectives.Calibration > 0 ? Debt(recipe.Objectives.Calibration) : null;
        if (recipe.DiversityBy == DiversityMeasure.Dpp) Dpp.Order(items, recipe.Objectives.Diversity, similarity, calibration, _window);
        else Mmr.Order(items, recipe.Objectives.Diversity, similarity, calibration, _window);
    }

    /// <summary>The shares of genres among what the viewer likes, each drama sharing its weight among its genres.</summary>
    private GenreDebt Debt(double weight)
    {
        var genres = Snapshot.Graph[EdgeType.HasGenre];
        var wanted = new double[genres.ToCount];
        foreach (var seed in User.Seeds)
        {
            var own = genres.Targets(seed.Item);
            foreach (var genre in own)
                if (seed.Weight > 0) wanted[genre] += seed.Weight / own.Length;
        }
        var all = wanted.Sum();
        for (var genre = 0; genre < wanted.Length && all > 0; genre++) wanted[genre] /= all;
        return new GenreDebt(weight, wanted, genres.Targets);
    }

    /// <summary>Has the learned ranker score the candidates. An answer does not fail with it: the linear one's stands.</summary>
    private void Learn(LearnedRanker ranker)
    {
        if (Matrix.Candidates is not [_, ..] candidates) return;
        try
        {
            var anchor = Math.Min(1, LinearRelevance(candidates[Math.Min(LearnedScores.Anchor, candidates.Length) - 1]));
            _learned = new LearnedScores(Matrix, ranker, _model.Features, anchor, (s, d) => _model.Ranker.Weight(s) * Raw(s, d) * _scales[s]);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            FellBack = true;
        }
    }

    /// <summary>The ranker's scores, source by source: what a source did not touch it does not cost anything for.</summary>
    private void AddFeatures()
    {
        var fit = _workspace.Fit;
        Array.Clear(fit);
        for (var s = 0; s < _scales.Length; s++)
        {
            var scores = _workspace.Scores[s];
            var scale = _scales[s] = ScaleOf(scores);
            double weight = _model.Ranker.Weight(s);
            foreach (var d in scores.Touched) fit[d] += weight * (scores[d] * scale);
        }
    }

    /// <summary>The row of a candidate that the learned ranker scored; negative for all others.</summary>
    private int LearnedRow(int drama) => _learned is null ? -1 : _workspace.Rows[drama] - 1;

    private double LinearRelevance(int drama) => _workspace.Fit[drama] * _relevanceScale;

    /// <summary>The place in the window, from 0; -1 outside of it.</summary>
    private int PlaceOf(int drama) => _workspace.Places[drama] - 1;

    private double BaseOf(int drama)
    {
        var weights = _model.Recipe.Objectives;
        return weights.Relevance * Relevance(drama) + weights.Freshness * Freshness(drama)
            + weights.Completion * Snapshot.Derived.Completion[drama] + weights.Priority * Snapshot.Derived.Priorities[drama];
    }

    private double Freshness(int drama)
    {
        var released = Snapshot.Derived.ReleaseDays[drama];
        return released == 0 ? 0 : _model.Freshness.AtAge(_today - released);
    }

    private double ScaleOf(ScoreAccumulator scores)
    {
        float largest = 0;
        foreach (var d in scores.Touched)
            if (IsEligible(d)) largest = Math.Max(largest, Math.Abs(scores[d]));
        return largest > 0 ? 1.0 / largest : 0;
    }

    /// <summary>Adds to the term of that name: freshness counts in the ranker and as an objective, and is one thing to a reader.</summary>
    private static void Append(List<Contribution> ledger, string source, double value)
    {
        if (value == 0) return;
        var known = ledger.FindIndex(term => term.Source == source);
        if (known < 0) ledger.Add(new Contribution(source, value));
        else ledger[known] = new Contribution(source, ledger[known].Value + value);
    }
}

/// <summary>How alike two dramas are by genre (Jaccard) and country, in [0, 1].</summary>
public readonly struct FactSimilarity(Derived derived) : ISimilarity
{
    private const int Counts = 65;

    /// <summary>0.75 · common / all by common and all genres: a page asks for 80,000 of these, and dividing took half of their time.</summary>
    private static readonly double[] ByGenres = [.. Enumerable.Range(0, Counts * Counts).Select(i => i % Counts == 0 ? 0 : 0.75 * ((double)(i / Counts) / (i % Counts)))];

    private readonly double[] _byGenres = ByGenres;
    private readonly ulong[] _genres = derived.GenreMasks;
    private readonly int[] _countries = derived.Countries;

    public double Of(int a, int b)
    {
        var (common, all) = (BitOperations.PopCount(_genres[a] & _genres[b]), BitOperations.PopCount(_genres[a] | _genres[b]));
        return _byGenres[common * Counts + all] + (_countries[a] == _countries[b] ? 0.25 : 0);
    }
}
