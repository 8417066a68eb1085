using GraphRec.Benchmarks;
using GraphRec.Core;

// One line per subcommand; each is in a file of its own.
var commands = new Dictionary<string, Func<string[], int>>(StringComparer.Ordinal)
{
    ["learnability"] = LearnabilityCommand.Run,
    ["faithfulness"] = FaithfulnessCommand.Run,
    ["page-quality"] = PageQualityCommand.Run,
    ["ranker-quality"] = RankerQualityCommand.Run,
    ["gowalla-walk"] = GowallaWalkCommand.Run,
    ["kernels"] = KernelsCommand.Run,
    ["neighbours"] = NeighboursCommand.Run,
    ["gcn-curve"] = GcnCurveCommand.Run,
    ["cold-start"] = ColdStartCommand.Run,
    ["split-facts"] = SplitFactsCommand.Run,
    ["learning-kernels"] = LearningKernelsCommand.Run,
    ["node2vec"] = Node2VecCommand.Run,
    ["ranker-speed"] = RankerSpeedCommand.Run,
    ["vector-scan"] = VectorScanCommand.Run,
    ["catalogue-edit"] = CatalogueEditCommand.Run,
    ["curation"] = CurationCommand.Run,
    ["home-load"] = HomeLoadCommand.Run,
    ["explore"] = ExploreCommand.Run,
    ["cypher-questions"] = CypherQuestionsCommand.Run,
};

if (args.Length > 0 && commands.TryGetValue(args[0], out var command))
{
    try
    {
        return command(args[1..]);
    }
    catch (Exception e) when (e is StorageException or InvalidInputException or FormatException)
    {
        Console.Error.WriteLine($"error: {e.Message}");
        return 1;
    }
}
Console.Error.WriteLine($"usage: dotnet run -c Release --project tests/GraphRec.Benchmarks -- <{string.Join('|', commands.Keys)}> [options]");
return 2;
