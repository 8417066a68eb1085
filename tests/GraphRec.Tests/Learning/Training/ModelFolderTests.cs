using GraphRec.Core;
using GraphRec.Learning.Training;
using GraphRec.Tests.Learning.Data;
using Xunit;

namespace GraphRec.Tests.Learning.Training;

public sealed class ModelFolderTests : IDisposable
{
    private const string Version = "20261102-040000-slim", FirstForm = "20261101-120000-slim";

    private readonly TempFolder _folder = new();
    private readonly ModelFolder _models;

    public ModelFolderTests() => _models = new ModelFolder(_folder.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read_again_and_the_manifest_knows_every_file()
    {
        _models.Write(Version);
        var served = _models.Load(Version, Cancel);
        Assert.Equal(["dramas", "collaborative", "lists"], served.Manifest.Parts.Select(part => part.Name));
        Assert.All(served.Manifest.Parts, part =>
        {
            var file = Path.Combine(_folder.Path, "models", Version, part.File);
            Assert.Equal(new FileInfo(file).Length, part.Bytes);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))), part.Sha256);
        });
        Assert.Equal((24, "i00", "i23"), (served.Dramas.Count, served.Dramas[0], served.Dramas[^1]));
        var expected = ItemLists.Of(Examples.Slim(), 5, 1, Cancel);
        for (var drama = 0; drama < 24; drama++)
        {
            Assert.Equal(expected.Of(drama), served.Lists.Of(drama));
            Assert.Equal(expected.Scores(drama), served.Lists.Scores(drama));
        }
        Assert.Equal(Examples.Manifest(Version).Gate!.Comparisons, served.Manifest.Gate!.Comparisons);
        Assert.Equal([Version], _models.Versions());
        Assert.Null(_models.Promotions.Current);
    }

    [Fact]
    public void A_version_of_the_first_form_serves_what_it_served()
    {
        Examples.CopyGolden(FirstForm, _folder.Path);
        _models.Check(FirstForm, Cancel);
        var served = _models.Load(FirstForm, Cancel);
        Assert.Equal((1, FirstForm, 300, "7373404db82ca4f4"), (served.Manifest.Format, served.Manifest.Version, served.Manifest.Engagements, served.Manifest.DataHash));
        var part = Assert.Single(served.Manifest.Parts);
        Assert.Equal(("slim", 60), (part.Kind, part.Parameters["l2"]));
        Assert.Equal(["slim", "popularity"], served.Manifest.Compared.Select(model => model.Name));
        Assert.Equal(24, served.Dramas.Count);
        var expected = ItemLists.Of(Examples.Slim(), 100, 1, Cancel);
        for (var drama = 0; drama < 24; drama++) Assert.Equal(expected.Of(drama), served.Lists.Of(drama));
    }

    [Fact]
    public void The_form_that_is_written_stays_readable()
    {
        var golden = Path.Combine(Examples.Golden, Version);
        if (Environment.GetEnvironmentVariable("GRAPHREC_UPDATE_GOLDEN") == "1" && !Directory.Exists(golden))
        {
            _models.Write(Version);
            Directory.CreateDirectory(golden);
            foreach (var file in Directory.GetFiles(Path.Combine(_folder.Path, "models", Version))) File.Copy(file, Path.Combine(golden, Path.GetFileName(file)));
            Directory.Delete(Path.Combine(_folder.Path, "models"), recursive: true);
        }
        Assert.True(Directory.Exists(golden), $"{golden} is missing; run this test with GRAPHREC_UPDATE_GOLDEN=1 and commit it");
        Examples.CopyGolden(Version, _folder.Path);
        _models.Check(Version, Cancel);
        var (read, made) = (_models.Load(Version, Cancel), Examples.Manifest(Version));
        Assert.Equal((made.Seed, made.Commit, made.Through, made.Cut), (read.Manifest.Seed, read.Manifest.Commit, read.Manifest.Through, read.Manifest.Cut));
        Assert.Equal(made.ToJson(), (read.Manifest with { Parts = [] }).ToJson());
        Assert.Equal(0.052, read.Manifest.Part(ModelPart.Collaborative).Metrics["ndcg@20"]);
    }

    [Theory]
    [InlineData("dramas.jsonl")]
    [InlineData("model.grmodel")]
    [InlineData("lists.grmodel")]
    public void A_part_that_is_cut_off_changed_or_missing_is_refused_and_named(string part)
    {
        _models.Write(Version);
        var path = Path.Combine(_folder.Path, "models", Version, part);
        var bytes = File.ReadAllBytes(path);

        File.WriteAllBytes(path, bytes[..^1]);
        Refused(part, $"has {bytes.Length - 1} bytes, but its manifest says {bytes.Length}", "graphrec models rollback");

        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        Refused(part, "is damaged", "graphrec train");

        File.Delete(path);
        Refused(part, "is missing", "graphrec models rollback");
    }

    [Fact]
    public void A_damaged_model_of_the_first_form_is_refused_by_its_own_hash()
    {
        Examples.CopyGolden(FirstForm, _folder.Path);
        var path = Path.Combine(_folder.Path, "models", FirstForm, "model.grmodel");
        var bytes = File.ReadAllBytes(path);
        bytes[^12] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("its hash differs", Assert.Throws<InvalidInputException>(() => _models.Load(FirstForm, Cancel)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\": 2", "\"format\": 3", "is of form 3, and this version of GraphRec reads up to 2")]
    [InlineData("\"version\": \"20261102-040000-slim\"", "\"version\": \"20261103-040000-slim\"", "is the manifest of 20261103-040000-slim")]
    [InlineData("\"kind\": \"slim\"", "\"kind\": \"ease\"", "is a model of the kind slim, but its manifest says ease")]
    [InlineData("\"file\": \"model.grmodel\"", "\"file\": \"../other/model.grmodel\"", "copy the whole version again")]
    [InlineData("\"name\": \"lists\"", "\"name\": \"other\"", "has no part lists")]
    [InlineData("\"dataHash\"", "\"dataHush\"", "cannot be read")]
    [InlineData("{", "", "cannot be read")]
    public void A_manifest_that_is_of_a_newer_form_of_another_version_or_no_manifest_is_refused(string from, string to, string says)
    {
        _models.Write(Version);
        var path = Path.Combine(_folder.Path, "models", Version, "manifest.json");
        var text = File.ReadAllText(path);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + to + text[(at + from.Length)..]);
        Refused(says, "graphrec models rollback");
    }

    [Theory]
    [InlineData(24, 23, "has lists of 23 dramas and the ids of 24")]
    [InlineData(25, 25, "has a model of 24 dramas and the ids of 25")]
    public void Whole_parts_of_another_number_of_dramas_are_refused(int dramas, int listed, string says)
    {
        _models.Write(Examples.Manifest(Version), Examples.Parts(dramas, listed));
        Refused(says);
    }

    [Fact]
    public void Lists_that_name_dramas_that_are_not_there_are_refused()
    {
        using var stream = new MemoryStream();
        ItemLists.Save(new GraphRec.Graph.Kernels.ItemNeighbours([0, 1, 1], [2], [0.5f], []), stream);
        stream.Position = 0;
        Assert.Contains("names dramas that are not there", Assert.Throws<InvalidInputException>(() => ItemLists.Read(stream, "lists")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20200101-000000-slim", "There is no version 20200101-000000-slim")]
    [InlineData("../training", "is no name of a version")]
    [InlineData(".", "is no name of a version")]
    [InlineData("", "is no name of a version")]
    public void A_version_that_is_not_there_is_refused(string version, string says) =>
        Assert.Contains(says, Assert.Throws<InvalidInputException>(() => _models.Check(version, Cancel)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_served_stays_and_of_old_versions_so_many()
    {
        string[] names = [.. Enumerable.Range(1, 8).Select(day => $"2026110{day}-040000-slim")];
        foreach (var name in names) _models.Write(name);
        foreach (var day in (int[])[1, 2, 3]) _models.Promotions.Promote(names[day], Promotions.Passed, DateTimeOffset.UnixEpoch);
        Assert.Contains("is served, and stays", Assert.Throws<InvalidInputException>(() => _models.Remove(names[3])).Message, StringComparison.Ordinal);
        // Served: day 4, and before it day 3; of the others days 7 and 8 would be the newest, but one is enough.
        Assert.Equal([names[0], names[1], names[4], names[5], names[6]], _models.RemoveOld(1));
        Assert.Equal([names[2], names[3], names[7]], _models.Versions());
        _models.Remove(names[2]);
        Assert.Equal([names[3], names[7]], _models.Versions());
    }

    [Fact]
    public void A_version_is_changed_when_a_file_of_it_is()
    {
        _models.Write(Version);
        var before = _models.Stamp(Version);
        Assert.Equal(before, _models.Stamp(Version));
        File.AppendAllText(Path.Combine(_folder.Path, "models", Version, "manifest.json"), " ");
        Assert.NotEqual(before, _models.Stamp(Version));
    }

    private void Refused(params string[] says)
    {
        var message = Assert.Throws<InvalidInputException>(() => _models.Check(Version, Cancel)).Message;
        Assert.All(says, text => Assert.Contains(text, message, StringComparison.Ordinal));
    }
}
