using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Bottle.Contracts.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bottle.Supervise.Tests.Harness;

/// <summary>Egress's introspection over a table that a test can change; the verdicts are the real matcher's.</summary>
internal sealed class FakeEgress : IAsyncDisposable
{
    private readonly WebApplication _web;
    private volatile IReadOnlyList<Route> _routes = [];

    private FakeEgress()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _web = builder.Build();
        _web.Run(http =>
        {
            Assert.That(http.Request.Host.Host, Is.EqualTo("_egress.local"));
            return http.Response.WriteAsync(Answer(http).ToJsonString());
        });
    }

    public Uri Address => new(_web.Urls.Single());

    public IReadOnlyList<Route> Routes
    {
        get => _routes;
        set => _routes = value;
    }

    public static async Task<FakeEgress> StartAsync()
    {
        var egress = new FakeEgress();
        await egress._web.StartAsync();
        return egress;
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();

    private JsonObject Answer(HttpContext http)
    {
        var routes = _routes;
        if (http.Request.Path == "/allowlist")
        {
            return new JsonObject { ["generation"] = 3, ["routes"] = new JsonArray([.. routes.Select(Json)]) };
        }
        var (method, url) = (http.Request.Query["method"].ToString(), http.Request.Query["url"].ToString());
        Assert.That(RouteRequest.TryParse(method, url, out var request, out var problem), Is.True, problem);
        var decision = new RouteMatcher(routes).Decide(request);
        return new JsonObject
        {
            ["url"] = url,
            ["method"] = method,
            ["decision"] = decision.IsAllowed ? "allowed" : "denied",
            ["reason"] = decision.Reason,
            ["route_index"] = decision.Index,
            ["route"] = decision.Route is { } route ? Json(route) : null,
        };
    }

    private static JsonNode Json(Route route) => new JsonObject
    {
        ["host"] = route.Host,
        ["ports"] = new JsonArray([.. route.Ports.Select(port => (JsonNode)port)]),
        ["methods"] = route.Methods is { } methods ? new JsonArray([.. methods.Select(method => (JsonNode)method)]) : null,
        ["path_allowlist"] = route.PathAllowlist is { } paths ? new JsonArray([.. paths.Select(path => (JsonNode)path)]) : null,
        ["inspect"] = route.Inspect,
        ["client_auth"] = "strip",
        ["source"] = string.Create(CultureInfo.InvariantCulture, $"line {route.Host.Length}"),
    };
}
