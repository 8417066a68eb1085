using System.Text.RegularExpressions;
using Xunit;

namespace GraphRec.Tests.Rules;

/// <summary>The files for Docker fit one another, the repository and docs/deploy.md. No engine is needed to read them.</summary>
public sealed partial class DeploymentRuleTests
{
    private static readonly string Compose = Repository.Read("docker-compose.yml"), Dockerfile = Repository.Read("Dockerfile"), Docs = Repository.Read("docs/deploy.md");

    [Fact]
    public void The_services_are_pinned_closed_and_complete() => Assert.Empty(DeploymentRules.Compose(Compose));

    [Theory]
    [InlineData("image: neo4j:2026.09.0-community", "image: neo4j:latest", 1)]
    [InlineData("image: redis:8.10.0-alpine", "image: redis:8", 1)]
    [InlineData("read_only: true", "read_only: false", 2)]
    [InlineData("cap_drop: [ALL]", "cap_drop: [NET_RAW]", 2)]
    [InlineData("tmpfs: /tmp", "privileged: true", 2)]
    [InlineData("- 127.0.0.1:7474:7474", "- 7474:7474", 1)]
    [InlineData("NEO4J_AUTH: neo4j/${NEO4J_PASSWORD:?put it into .env, as .env.example shows}", "NEO4J_AUTH: neo4j/password", 1)]
    [InlineData("Password: ${NEO4J_PASSWORD:?put it into .env, as .env.example shows}", "Password: ${NEO4J_PASSWORD:-password}", 2)]
    [InlineData("      schema:\n        condition", "      schemas:\n        condition", 1)]
    [InlineData("./deploy/prometheus.yml:", "./deploy/prometheus.yaml:", 1)]
    [InlineData("- redis-data:/data", "- redis:/data", 1)]
    [InlineData("    healthcheck:\n      test: [CMD, redis-cli, ping]", "    x-check:\n      test: []", 1)]
    public void The_check_of_the_services_can_fail(string from, string to, int problems)
    {
        Assert.Contains(from, Compose, StringComparison.Ordinal);
        Assert.Equal(problems, DeploymentRules.Compose(Compose.Replace(from, to, StringComparison.Ordinal)).Count());
    }

    [Fact]
    public void The_image_is_built_from_this_repository_and_does_not_run_as_root() => Assert.Empty(DeploymentRules.Image(Dockerfile));

    [Theory]
    [InlineData("aspnet:10.0.12-noble", "aspnet:10.0")]
    [InlineData("sdk:10.0.401-noble", "sdk:9.0.100-noble")]
    [InlineData("USER $APP_UID", "USER root")]
    [InlineData("USER $APP_UID\n", "")]
    [InlineData("HEALTHCHECK ", "RUN ")]
    [InlineData("publish src/GraphRec.Cli", "publish src/GraphRec.Server")]
    [InlineData("-o /app ", "-o /out ")]
    [InlineData("/app/graphrec.dll", "/app/GraphRec.Cli.dll")]
    [InlineData("http://0.0.0.0:8080", "http://localhost:8080")]
    [InlineData("VOLUME /data\n", "")]
    public void The_check_of_the_image_can_fail(string from, string to)
    {
        Assert.Contains(from, Dockerfile, StringComparison.Ordinal);
        Assert.NotEmpty(DeploymentRules.Image(Dockerfile.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_build_is_sent_what_it_reads_and_nothing_that_must_not_leave()
    {
        var sent = Repository.Read(".dockerignore").Split('\n').Where(l => l.StartsWith('!')).Select(l => l[1..]).ToArray();
        Assert.All(sent, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        string[] settings = ["global.json", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig"];
        Assert.Empty(settings.Append("src").Except(sent));
        // Folders outside src whose files a project takes in.
        var taken = Repository.Files("src", "*.csproj").SelectMany(f => TakenIn().Matches(Repository.Read(f)).Select(m => m.Groups[1].Value)).Distinct().ToArray();
        Assert.Contains("seed", taken);
        Assert.Empty(taken.Except(sent));
        Assert.DoesNotContain(sent, path => path.StartsWith(".env", StringComparison.Ordinal) || path is ".git" or "data");
    }

    [Fact]
    public void What_can_be_set_is_in_the_example_and_in_the_docs_and_the_example_has_no_password()
    {
        var example = Repository.Read(".env.example").Split('\n');
        var variables = DeploymentRules.Variables(Compose).ToArray();
        Assert.True(variables.Length >= 4);
        Assert.All(variables, v => Assert.Contains($"| `{v.Name}` |", Docs, StringComparison.Ordinal));
        Assert.All(variables, v => Assert.Contains(v.Name == "NEO4J_PASSWORD" ? "NEO4J_PASSWORD=" : $"# {v.Name}={v.Default}", example));
        Assert.Contains(".env", Repository.Read(".gitignore").Split('\n'));
        var settings = DeploymentRules.Services(DeploymentRules.Yaml(Compose)).SelectMany(s => DeploymentRules.Environment(s.Service)).Select(v => v.Key).Where(k => k.StartsWith("GraphRec__", StringComparison.Ordinal)).Distinct().ToArray();
        Assert.True(settings.Length >= 5);
        Assert.All(settings, key => Assert.Contains($"| `{key}` |", Docs, StringComparison.Ordinal));
    }

    [Fact]
    public void The_docs_name_every_service_port_and_volume()
    {
        var compose = DeploymentRules.Yaml(Compose);
        Assert.All(DeploymentRules.Services(compose), s => Assert.Contains($"| `{s.Name}` |", Docs, StringComparison.Ordinal));
        var ports = DeploymentRules.Services(compose).SelectMany(s => DeploymentRules.Texts(s.Service["ports"])).Select(p => p.Split(':')[^1]).ToArray();
        Assert.Equal(5, ports.Length);
        Assert.All(ports, port => Assert.Contains($" {port} ", Docs, StringComparison.Ordinal));
        Assert.All(compose["volumes"]!.AsObject(), v => Assert.Contains($"`{v.Key}`", Docs, StringComparison.Ordinal));
    }

    [Fact]
    public void Prometheus_and_Grafana_ask_where_somebody_answers()
    {
        var services = DeploymentRules.Services(DeploymentRules.Yaml(Compose)).ToDictionary(s => s.Name, s => s.Service);
        var scrape = DeploymentRules.Yaml(Repository.Read("deploy/prometheus.yml"))["scrape_configs"]![0]!;
        var target = scrape["static_configs"]![0]!["targets"]![0]!.ToString().Split(':');
        Assert.True(DeploymentRules.BuiltHere(services[target[0]]));
        Assert.Contains($"\nEXPOSE {target[1]}\n", Dockerfile, StringComparison.Ordinal);
        var source = DeploymentRules.Yaml(Repository.Read("deploy/grafana/provisioning/datasources/prometheus.yml"))["datasources"]![0]!;
        var address = new Uri(source["url"]!.ToString());
        Assert.Contains(DeploymentRules.Texts(services[address.Host]["ports"]), p => p.EndsWith($":{address.Port}", StringComparison.Ordinal));
        Assert.Equal([source["uid"]!.ToString()], DataSource().Matches(Repository.Read("deploy/grafana/dashboards/graphrec.json")).Select(m => m.Groups[1].Value).Distinct());
        var dashboards = DeploymentRules.Yaml(Repository.Read("deploy/grafana/provisioning/dashboards/graphrec.yml"))["providers"]![0]!["options"]!["path"]!.ToString();
        Assert.Contains($"./deploy/grafana/dashboards:{dashboards}:ro", DeploymentRules.Texts(services["grafana"]["volumes"]));
    }

    [GeneratedRegex(@"Include=""\.\./\.\./(\w+)/")]
    private static partial Regex TakenIn();

    [GeneratedRegex(@"""type"": ""prometheus"",\s+""uid"": ""(\w+)""")]
    private static partial Regex DataSource();
}
