using GraphRec.Core;
using GraphRec.Recommend;
using Xunit;

namespace GraphRec.Tests.Recommend;

public sealed class StoreHealthTests
{
    [Fact]
    public void It_is_well_when_every_use_is()
    {
        var health = new StoreHealth();
        Assert.True(health.Reachable);
        health.Tell("delivery", new StorageException("neo4j", "deliver", true, "refused"));
        health.Tell("watch", new StorageException("neo4j", "watch", true, "away"));
        health.Tell("watch", null);
        Assert.Contains("refused", health.Problem);
        Assert.False(health.Reachable);
        health.Tell("delivery", null);
        Assert.True(health.Reachable);
    }
}
