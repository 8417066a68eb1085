using CsCheck;
using GraphRec.Core;
using GraphRec.Learning.Embeddings;
using GraphRec.Tests.Learning.Data;
using GraphRec.Tests.Rules;
using Xunit;

namespace GraphRec.Tests.Learning.Embeddings;

public sealed class NodeVectorsTests
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "GraphRec.Tests", "Learning", "Embeddings", "Golden");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Two viewers and two dramas; an id with a line's end, a quote and letters beyond ASCII.
    private static NodeVectors Four { get; } = NodeVectors.Of(
        [new NodeType("user", ["u", "v"], 0), new NodeType("drama", ["도깨비\n\"", "b"], 2)], [3, 0, 4, 0, 0, 2, 0, 0, 0, -1.5f, 0, 1e-30f], 3);

    [Fact]
    public void A_new_node_gets_the_mean_direction_of_its_neighbours_at_once()
    {
        // (3, 0, 4) of length 5 and (0, 0, 2) of length 2: (0.6, 0, 0.8) + (0, 0, 1) = (0.6, 0, 1.8), which is 1.897367 long and is
        // made as long as (5 + 2) / 2.
        var into = new float[3];
        Four.Induce([0, 1], [], into);
        Close([3.5f * 0.6f / 1.897367f, 0, 3.5f * 1.8f / 1.897367f], into);
        Four.Induce([0, 1, 2], [1, 0, 5], into);
        Close([3, 0, 4], into);
        Four.Induce([2], [], into);
        Close([0, 0, 0], into);
        Four.Induce([], [], into);
        Close([0, 0, 0], into);
        Assert.Throws<InvalidInputException>(() => Four.Induce([0, 1], [1], new float[3]));
    }

    [Fact]
    public void Vectors_made_from_neighbours_tell_links()
    {
        var (graph, held, others) = Graphs.Circles(6, 30, seed: 4);
        var vectors = Node2Vec.Fit(graph, new Node2VecParameters { Dimensions = 32, WalksPerNode = 6, WalkLength = 30, Window = 4 }, 1, 2, cancel: Cancel);
        var induced = new float[graph.Count][];
        for (var node = 0; node < graph.Count; node++) vectors.Induce(graph.Neighbours(node), [], induced[node] = new float[32]);
        double Score(int a, int b) => induced[a].Zip(vectors[b].ToArray(), (x, y) => x * y).Sum();
        Assert.True(Graphs.Auc(held, others, Score) > 0.75);
    }

    [Fact]
    public void Cosines_are_those_worked_out_by_hand()
    {
        Assert.Equal(0.8f, Four.Cosine(0, 1), 1e-6f);
        Assert.Equal(0, Four.Cosine(0, 2));
        Assert.Throws<InvalidInputException>(() => NodeVectors.Of([new NodeType("a", ["x"], 0)], [1, 2, 3], 2));
    }

    [Theory]
    [InlineData(Similarity.Cosine)]
    [InlineData(Similarity.Dot)]
    public void The_scan_finds_what_sorting_all_scores_finds(Similarity similarity) =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 9000], Gen.Int[0, 30], Gen.Int[0, 1000]).Sample((dimensions, count, top, seed) =>
        {
            var random = new Random(seed);
            // Whole numbers: many scores tie.
            float[] values = [.. Enumerable.Range(0, count * dimensions).Select(_ => (float)random.Next(-1, 2))], query = [.. Enumerable.Range(0, dimensions).Select(_ => (float)random.Next(-1, 2))];
            var vectors = NodeVectors.Of([new NodeType("node", new string[count], 0)], values, dimensions);
            var scan = new VectorScan(vectors, similarity);
            var found = scan.Nearest(query, top, 1, Cancel);
            Assert.Equal(found, scan.Nearest(query, top, 3, Cancel));
            double Length(ReadOnlySpan<float> v) => similarity == Similarity.Dot ? 1 : Math.Max(1e-9, Math.Sqrt(Sum(v, v)));
            double[] scores = [.. Enumerable.Range(0, count).Select(n => Sum(vectors[n], query) / (Length(vectors[n]) * Length(query)))];
            Assert.Equal(Math.Min(top, count), found.Length);
            var best = scores.OrderDescending().ToArray();
            for (var n = 0; n < found.Length; n++)
            {
                Assert.Equal(best[n], found[n].Score, 1e-5);
                Assert.Equal(scores[found[n].Number], found[n].Score, 1e-5);
                if (n > 0) Assert.True(found[n].Score < found[n - 1].Score || (found[n].Score == found[n - 1].Score && found[n].Number > found[n - 1].Number));
            }
        }, iter: 12);

    [Fact]
    public void The_scan_by_bytes_finds_the_same_with_exact_scores_with_and_without_fast_instructions()
    {
        var random = new Random(3);
        foreach (var (dimensions, count, top) in new[] { (64, 20_000, 10), (13, 2_000, 25), (1, 40, 5), (130, 5, 9), (8, 17, 0) })
        {
            float[] values = [.. Enumerable.Range(0, count * dimensions).Select(_ => (random.NextSingle() - 0.5f) * MathF.Exp(4 * random.NextSingle()))];
            values.AsSpan(0, dimensions).Clear();
            var exact = new VectorScan(NodeVectors.Of([new NodeType("node", new string[count], 0)], values, dimensions), Similarity.Cosine);
            var bytes = new QuantizedScan(exact);
            for (var repeat = 0; repeat < 5; repeat++)
            {
                float[] query = [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() - 0.5f)];
                var found = bytes.Nearest(query, top, 1, Cancel);
                Assert.Equal(exact.Nearest(query, top, 2, Cancel), found);
                Assert.Equal(found, bytes.Nearest(query, top, 3, Cancel));
                Assert.Equal(found, bytes.Nearest(query, top, 2, fast: false, Cancel));
            }
            Assert.Equal(Math.Min(top, count), bytes.Nearest(new float[dimensions], top, 1, Cancel).Length);
        }
    }

    [Fact]
    public void The_scan_of_one_type_numbers_from_its_first()
    {
        Assert.Equal([(1, 3), (0, 0)], new VectorScan(Four, 1, Similarity.Dot).Nearest([-2, 1, 0], 5, 2, Cancel));
        Assert.Throws<InvalidInputException>(() => new VectorScan(Four, Similarity.Dot).Nearest([1, 2], 5, 1, Cancel));
        Assert.Throws<InvalidInputException>(() => new VectorScan(Four, Similarity.Dot).Nearest([1, 2, float.NaN], 5, 1, Cancel));
    }

    [Fact]
    public void What_was_stored_is_read_back_and_the_last_one_written_is_current()
    {
        using var folder = new TempFolder();
        var store = new EmbeddingFolder(folder.Path);
        Assert.Null(store.Current());
        store.Write(Manifest("one"), Four);
        store.Write(Manifest("two") with { Seed = 9 }, Four);
        var (manifest, vectors) = store.Current()!.Value;
        Assert.Equal(("two", 9, 3), (manifest.Version, manifest.Seed, manifest.Dimensions));
        Same(Four, vectors);
        Same(Four, store.Read("one").Vectors);
        Assert.Throws<InvalidInputException>(() => store.Write(Manifest("two"), Four));
        Assert.Throws<InvalidInputException>(() => store.Write(Manifest("../two"), Four));
        Assert.Throws<InvalidInputException>(() => store.Read("three"));
    }

    [Fact]
    public void The_files_are_as_when_the_format_was_made()
    {
        using var folder = new TempFolder();
        var written = new EmbeddingFolder(folder.Path).Write(Manifest("v1"), Four);
        var golden = Path.Combine(Golden, "embeddings", "v1");
        if (Environment.GetEnvironmentVariable("GRAPHREC_UPDATE_GOLDEN") == "1" && !Directory.Exists(golden)) new EmbeddingFolder(Golden).Write(Manifest("v1"), Four);
        foreach (var file in new[] { "vectors.f32", "ids.jsonl", "manifest.json" }) Assert.Equal(File.ReadAllBytes(Path.Combine(golden, file)), File.ReadAllBytes(Path.Combine(written, file)));
        Same(Four, new EmbeddingFolder(Golden).Read("v1").Vectors);
        // The matrix is nothing but numbers: 3 as a little-endian float32 comes first.
        Assert.Equal([0, 0, 0x40, 0x40], File.ReadAllBytes(Path.Combine(golden, "vectors.f32"))[..4]);
    }

    [Theory]
    [InlineData("vectors.f32", 5)]
    [InlineData("ids.jsonl", 1)]
    [InlineData("manifest.json", 1)]
    public void A_damaged_file_is_refused(string name, int at)
    {
        using var folder = new TempFolder();
        var store = new EmbeddingFolder(folder.Path);
        var path = Path.Combine(store.Write(Manifest("v1"), Four), name);
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("again", Assert.Throws<InvalidInputException>(() => store.Current()).Message, StringComparison.Ordinal);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes[..^2]);
        Assert.Throws<InvalidInputException>(() => store.Current());
        File.Delete(path);
        Assert.Throws<InvalidInputException>(() => store.Current());
    }

    private static EmbeddingManifest Manifest(string version) => new()
    {
        Version = version, Kind = "node2vec", Parameters = new Dictionary<string, string> { ["walkLength"] = "80" }, Seed = 1,
        MadeAt = DateTimeOffset.UnixEpoch, GraphRec = "0.1.0", GraphHash = "00ff", Metrics = new Dictionary<string, double> { ["auc"] = 0.9 },
    };

    private static double Sum(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var k = 0; k < a.Length; k++) sum += (double)a[k] * b[k];
        return sum;
    }

    private static void Same(NodeVectors expected, NodeVectors actual)
    {
        Assert.Equal(expected.Types.Select(type => (type.Name, type.First, string.Join('|', type.Ids))), actual.Types.Select(type => (type.Name, type.First, string.Join('|', type.Ids))));
        Assert.Equal(expected.Table.ToArray(), actual.Table.ToArray());
    }

    private static void Close(float[] expected, float[] actual)
    {
        for (var k = 0; k < expected.Length; k++) Assert.Equal(expected[k], actual[k], 1e-5f);
    }
}
