using GraphRec.Core;
using GraphRec.Learning.Models;

namespace GraphRec.Learning.Evaluation;

/// <summary>
/// Facts alone: every drama is a TF-IDF vector of its genres, tags, people and country, of length 1; a user is the sum of
/// the vectors of what they engaged with; the score is the dot product. It knows dramas that nobody watched yet.
/// </summary>
public sealed class ContentModel : IRankingModel
{
    private readonly InteractionMatrix _train;
    private readonly (int Feature, double Weight)[][] _vectors;
    private readonly int _features;

    /// <summary>Fits on a matrix and the facts of its items; items the catalogue does not know score 0.</summary>
    public ContentModel(InteractionMatrix train, CatalogBatch catalogue)
    {
        _train = train;
        var dramas = catalogue.Dramas.ToDictionary(d => d.Id, StringComparer.Ordinal);
        var people = catalogue.Credits.ToLookup(c => c.DramaId, c => c.PersonId, StringComparer.Ordinal);
        var numbers = new Dictionary<(NodeKind, string), int>();
        var rows = train.Items
            .Select(id => dramas.TryGetValue(id, out var drama) ? Facts(drama, people[id]).Distinct().ToArray() : [])
            .ToArray();
        var counts = new List<int>();
        foreach (var fact in rows.SelectMany(row => row))
        {
            if (numbers.TryAdd(fact, counts.Count)) counts.Add(0);
            counts[numbers[fact]]++;
        }
        _features = counts.Count;
        _vectors = [.. rows.Select(row => Normalised([.. row.Select(f => (numbers[f], Math.Log((double)rows.Length / counts[numbers[f]])))]))];
    }

    public string Name => "Content (TF-IDF)";

    public int ItemCount => _train.Items.Count;

    public IScorer NewScorer() => new UserScorer(ItemCount, Score);

    private void Score(int user, Span<double> scores)
    {
        var profile = new double[_features];
        foreach (var item in _train.ItemsOf(user))
        {
            foreach (var (feature, weight) in _vectors[item]) profile[feature] += weight;
        }
        for (var item = 0; item < scores.Length; item++)
        {
            var sum = 0.0;
            foreach (var (feature, weight) in _vectors[item]) sum += weight * profile[feature];
            scores[item] = sum;
        }
    }

    private static IEnumerable<(NodeKind, string)> Facts(Drama drama, IEnumerable<string> people) =>
        drama.Genres.Select(genre => (NodeKind.Genre, genre))
            .Concat(drama.Tags.Select(tag => (NodeKind.Tag, tag)))
            .Concat(people.Select(person => (NodeKind.Person, person)))
            // A country is no node of the graph; as a fact about the drama it is one more feature.
            .Concat(drama.Country is { } country ? [(NodeKind.Drama, country)] : []);

    private static (int, double)[] Normalised((int Feature, double Weight)[] vector)
    {
        var length = Math.Sqrt(vector.Sum(v => v.Weight * v.Weight));
        return length > 0 ? [.. vector.Select(v => (v.Feature, v.Weight / length))] : [];
    }
}
