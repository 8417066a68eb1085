using GraphRec.Core;

namespace GraphRec.Ranking.Onnx;

/// <summary>What a ranker's file says of itself: on what features it was trained, in the order of a row.</summary>
/// <param name="Features">The names of the features.</param>
/// <param name="Fingerprint">Of how they are computed: equal fingerprints, equal values.</param>
/// <param name="Background">One value per feature: their means in training, against which explanations compare.</param>
public sealed record RankerDescription(IReadOnlyList<string> Features, string Fingerprint, IReadOnlyList<float> Background)
{
    /// <summary>Refuses a ranker whose features are not those that are computed.</summary>
    /// <param name="ranker">What the ranker is called in messages: its file.</param>
    /// <param name="features">The names of what is computed, in the order of a row.</param>
    /// <param name="fingerprint">Of how it is computed.</param>
    /// <exception cref="InvalidInputException">They differ; the message names what is missing, more, or in another place.</exception>
    public void RequireFeatures(string ranker, IReadOnlyList<string> features, string fingerprint)
    {
        List<string> differences = [];
        void Add(string what, IEnumerable<string> names)
        {
            var listed = string.Join(", ", names);
            if (listed.Length > 0) differences.Add($"{what} {listed}");
        }

        Add("it needs, and GraphRec does not compute,", Features.Except(features));
        Add("GraphRec computes, and it does not know,", features.Except(Features));
        if (differences.Count == 0)
        {
            if (Features.Count != features.Count) differences.Add($"it has {Features.Count} and GraphRec {features.Count}, some named twice");
            else Add("in another place are", Enumerable.Range(0, features.Count).Where(n => features[n] != Features[n]).Select(n => $"{Features[n]} (GraphRec has {features[n]} there)"));
        }
        if (differences.Count > 0)
            throw new InvalidInputException(ErrorCodes.BadUserInput, $"{ranker} was trained on other features: {string.Join("; ", differences)}. Train it anew on this version's features.");
        if (Fingerprint == fingerprint) return;
        throw new InvalidInputException(
            ErrorCodes.BadUserInput,
            $"{ranker} was trained on features of the same names that were computed in another way (fingerprint {Fingerprint}, here {fingerprint}). Train it anew.");
    }
}
