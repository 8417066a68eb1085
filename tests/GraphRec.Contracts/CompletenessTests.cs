using GraphRec.Core;
using GraphRec.Storage.Embedded;
using Xunit;

namespace GraphRec.Contracts;

/// <summary>
/// No backend escapes its suites. Port <c>IX</c> has the suite <c>XContract</c>; a type in <c>GraphRec.Storage.B</c> that
/// implements the port needs a subclass of the suite in <c>GraphRec.Contracts.B</c>.
/// </summary>
public sealed class CompletenessTests
{
    [Fact]
    public void Every_port_of_every_backend_is_run_through_its_suite()
    {
        var implementations = typeof(EmbeddedStore).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false })
            .SelectMany(type => type.GetInterfaces().Where(IsPort).Select(port => (Backend: type.Namespace!.Split('.')[^1], Port: port.Name)))
            .Distinct().ToList();
        Assert.Contains(("Embedded", nameof(IEventLog)), implementations);
        Assert.DoesNotContain(implementations, i => !HasSuite(i.Backend, i.Port));
    }

    private static bool IsPort(Type type) => type.Assembly == typeof(ICatalog).Assembly;

    private static bool HasSuite(string backend, string port) => typeof(CompletenessTests).Assembly.GetTypes().Any(type =>
        !type.IsAbstract && type.Namespace == $"GraphRec.Contracts.{backend}" && Ancestors(type).Any(suite => suite.Name == port[1..] + "Contract"));

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var parent = type.BaseType; parent is not null; parent = parent.BaseType) yield return parent;
    }
}
