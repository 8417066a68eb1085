using GraphRec.Api.Execution;
using GraphRec.Api.Http;
using GraphRec.Api.Schema;
using GraphRec.Api.Web;
using OpenTelemetry.Metrics;

namespace GraphRec.Api;

/// <summary>Hosts the HTTP interface in a web application.</summary>
public static class GraphRecApi
{
    /// <summary>
    /// Registers the interface. The application registers what it answers from: <c>Recommender</c>,
    /// <c>EventPipeline</c>, <c>LiveGraph</c>, <c>IGraphExport</c> (asked by the health check) and <c>TimeProvider</c>.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static IServiceCollection AddGraphRecApi(this IServiceCollection services, ApiOptions options)
    {
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<GraphRecSchema>();
        services.AddSingleton<ErrorMapper>();
        services.AddSingleton<ApiMetrics>();
        services.AddSingleton<ApiServices>();
        services.AddSingleton<GraphQLEngine>();
        services.AddSingleton<GraphQLEndpoint>();
        services.AddSingleton<RequestLog>();
        services.AddSingleton<Health>();
        services.AddSingleton<Page>();
        services.AddRouting();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddMeter(ApiMetrics.MeterName)
            .AddMeter("System.Runtime")
            .AddPrometheusExporter());
        if (options.JsonLogs)
        {
            services.AddLogging(logging => logging
                .AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"))
                // Its own line per request would come on top of ours, with the URL.
                .AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        }
        return services;
    }

    /// <summary>
    /// Maps <c>/graphql</c>, <c>/</c>, <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>, and logs requests.
    /// Builds the schema, so that a mistake in it stops the start and not the first request.
    /// </summary>
    public static WebApplication MapGraphRecApi(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<GraphQLEngine>();
        services.GetRequiredService<ApiServices>();
        var log = services.GetRequiredService<RequestLog>();
        app.Use(next => context => log.InvokeAsync(context, next));
        app.Map("/graphql", (RequestDelegate)services.GetRequiredService<GraphQLEndpoint>().HandleAsync);
        app.MapMethods("/", ["GET", "HEAD"], (RequestDelegate)services.GetRequiredService<Page>().HandleAsync);
        app.MapMethods("/health/live", ["GET", "HEAD"], (RequestDelegate)Health.LiveAsync);
        app.MapMethods("/health/ready", ["GET", "HEAD"], (RequestDelegate)services.GetRequiredService<Health>().ReadyAsync);
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    /// <summary>The schema definition language of the public schema.</summary>
    public static string SchemaDefinition()
    {
        using var schema = new GraphRecSchema();
        return schema.Sdl();
    }
}
