using System.Reflection;
using GraphRec.Api;
using GraphRec.Core;
using GraphRec.Graph;
using GraphRec.Learning.Simulation;
using GraphRec.Ranking;
using GraphRec.Recommend;
using GraphRec.Storage.Embedded;
using Xunit;

namespace GraphRec.Tests.Rules;

/// <summary>House rules about what the built assemblies show to each other.</summary>
public sealed class AssemblyRuleTests
{
    private static readonly string[] Vendors =
        ["Microsoft.Data.Sqlite", "SQLitePCL", "CsvHelper", "GraphQL", "GraphQLParser", "OpenTelemetry", "QuikGraph", "Spectre", "StackExchange", "Neo4j", "Polly", "Lucene", "Microsoft.ML", "Google.Protobuf", "MathNet"];

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void No_public_signature_names_a_vendor()
    {
        Assert.True(Rooms().Count() >= 7);
        Assert.Empty(Rooms().SelectMany(a => a.GetExportedTypes()).SelectMany(VendorUses));
    }

    [Theory]
    [InlineData(typeof(BadField))]
    [InlineData(typeof(BadParameter))]
    [InlineData(typeof(BadReturn))]
    [InlineData(typeof(BadBase))]
    [InlineData(typeof(BadProtected))]
    [InlineData(typeof(BadConstraint<>))]
    public void A_vendor_is_found_wherever_it_hides(Type type) => Assert.NotEmpty(VendorUses(type));

    [Fact]
    public void A_vendor_in_private_parts_is_allowed() => Assert.Empty(VendorUses(typeof(GoodPrivate)));

    [Fact]
    public void Ports_have_at_most_six_methods()
    {
        var ports = typeof(NodeRef).Assembly.GetExportedTypes().Where(t => t.IsInterface).ToArray();
        Assert.True(ports.Length >= 6);
        Assert.All(ports, p => Assert.True(IsNarrow(p), p.FullName));
        Assert.False(IsNarrow(typeof(IWide)));
    }

    [Fact]
    public void Public_classes_are_sealed_or_inherited()
    {
        Assert.Empty(Open(Rooms().SelectMany(a => a.GetTypes()).ToArray()));
        Assert.Equal([typeof(BadOpen)], Open([typeof(BadOpen), typeof(Parent), typeof(Child), typeof(AssemblyRuleTests)]));
    }

    private static IEnumerable<Assembly> Rooms() =>
    [
        typeof(NodeRef).Assembly, typeof(GraphSnapshot).Assembly, typeof(LinearRanker).Assembly, typeof(Recommender).Assembly,
        typeof(EmbeddedStore).Assembly, typeof(ViewerSimulator).Assembly, typeof(GraphRecApi).Assembly,
    ];

    private static bool IsNarrow(Type port) => port.GetInterfaces().Append(port).Sum(i => i.GetMethods().Length) <= 6;

    private static Type[] Open(Type[] types) => types
        .Where(t => t is { IsClass: true, IsVisible: true, IsSealed: false, IsAbstract: false } && !types.Any(o => o.BaseType == t || (o.BaseType is { IsGenericType: true } b && b.GetGenericTypeDefinition() == t)))
        .ToArray();

    private static IEnumerable<string> VendorUses(Type type)
    {
        var named = type.GetInterfaces().Append(type.BaseType).Concat(type.IsGenericType ? type.GetGenericArguments().SelectMany(a => a.GetGenericParameterConstraints()) : []);
        foreach (var used in named.Where(IsVendor)) yield return $"{type}: {used}";
        foreach (var member in type.GetMembers(Declared))
        {
            var signature = member switch
            {
                FieldInfo f when f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly => [f.FieldType],
                MethodInfo m when m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly => [m.ReturnType, .. m.GetParameters().Select(p => p.ParameterType), .. m.GetGenericArguments().SelectMany(a => a.GetGenericParameterConstraints())],
                ConstructorInfo c when c.IsPublic || c.IsFamily || c.IsFamilyOrAssembly => c.GetParameters().Select(p => p.ParameterType).ToArray(),
                _ => Array.Empty<Type>(),
            };
            foreach (var used in signature.Where(IsVendor)) yield return $"{type}.{member.Name}: {used}";
        }
    }

    private static bool IsVendor(Type? type) => type switch
    {
        null => false,
        { HasElementType: true } => IsVendor(type.GetElementType()),
        { IsGenericType: true } when type.GetGenericArguments().Any(a => !a.IsGenericParameter && IsVendor(a)) => true,
        _ => Vendors.Any(v => type.Namespace is { } space && (space == v || space.StartsWith(v + ".", StringComparison.Ordinal))),
    };

    internal sealed class BadField
    {
        public readonly QuikGraph.Edge<int>? Edge = null;
    }

    internal sealed class BadParameter
    {
        public void M(List<QuikGraph.Edge<int>[]> edges) => edges.Clear();
    }

    internal sealed class BadReturn
    {
        public Task<QuikGraph.Edge<int>?> M() => Task.FromResult<QuikGraph.Edge<int>?>(null);
    }

    internal sealed class BadBase() : QuikGraph.Edge<int>(1, 2);

    internal class BadProtected
    {
        protected QuikGraph.Edge<int>? Edge { get; set; }
    }

    internal sealed class BadConstraint<T> where T : QuikGraph.IEdge<int>;

    internal sealed class GoodPrivate
    {
        private readonly QuikGraph.Edge<int> _edge = new(1, 2);
        public int Source => _edge.Source;
        internal QuikGraph.Edge<int> Edge => _edge;
    }

    internal interface IWide
    {
        int A { get; set; }
        int B { get; set; }
        int C { get; set; }
        int D { get; }
    }

    public class BadOpen;

    public class Parent;

    public sealed class Child : Parent;
}
