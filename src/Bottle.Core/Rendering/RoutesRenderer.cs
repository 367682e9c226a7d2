using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Yaml;

namespace Bottle.Core.Rendering;

/// <summary>Writes <c>routes.yaml</c> (SPEC D2), which egress reads and a person can edit: every key is spelt out, also where it says the default.</summary>
public static class RoutesRenderer
{
    /// <summary>The route table of a plan; nothing without egress.</summary>
    public static IReadOnlyList<RenderedFile> Render(BottlePlan plan) =>
        plan.Egress is { } egress
            ? [new RenderedFile(StateLayout.Routes, Write(new RoutesFile
            {
                Generation = plan.Revision,
                Pipelock = plan.Pipelock is { Instance: > 1 } replaced ? replaced.Alias : null,
                Budget = egress.Budget?.Limits,
                Routes = egress.Routes,
            }))]
            : [];

    /// <summary>The text of one table, for the reader of routes.yaml.</summary>
    public static string Write(RoutesFile file) => YamlText.Document(
        ["What the agent may ask for. Everything else is denied; egress reads this file again on SIGHUP."],
        yaml =>
        {
            yaml.Key("version").Number(RoutesFile.CurrentVersion);
            yaml.Key("generation").Number(file.Generation);
            if (file.Pipelock is { } pipelock)
                yaml.Key("pipelock").Text(pipelock);
            if (file.Budget is { } budget)
                yaml.Key("budget").Map(flow: true, body: () => Budget(yaml, budget));
            yaml.Key("routes").List(file.Routes, flow: file.Routes.Count == 0, write: route => yaml.Map(() => Route(yaml, route)));
        });

    private static void Budget(YamlText yaml, Budget budget)
    {
        foreach (var kind in BudgetKinds.All)
        {
            if (budget.Limit(kind) is { } limit)
                yaml.Key(kind.Name()).Number(limit);
        }
    }

    private static void Route(YamlText yaml, Route route)
    {
        yaml.Key("host").Text(route.Host);
        yaml.Key("ports").List(route.Ports, port => yaml.Number(port));
        yaml.Key("methods").Texts(route.Methods ?? ["any"]);
        if (route.PathAllowlist is { } paths)
            yaml.Key("path_allowlist").Texts(paths);
        yaml.Key("inspect").Flag(route.Inspect);
        yaml.Key("websocket").Flag(route.WebSocket);
        yaml.Key("client_auth").Text(route.ClientAuthPasses ? "pass" : "strip");
        if (route.Auth is { } auth)
        {
            yaml.Key("auth").Map(flow: true, body: () =>
            {
                yaml.Key("scheme").Text(Scheme(auth.Scheme));
                yaml.Key("header").Text(auth.Header);
                yaml.Key("token_env").Text(auth.TokenEnv);
            });
        }
        if (route.Provider is { } provider)
        {
            yaml.Key("provider").Map(flow: true, body: () =>
            {
                yaml.Key("server_tools").Texts(provider.ServerTools);
                yaml.Key("betas").Texts(provider.Betas);
            });
        }
        if (route.Lease is { } lease)
            yaml.Key("lease").Map(flow: true, body: () => Lease(yaml, lease));
        if (route.Source is { } source)
            yaml.Key("source").Text(source);
    }

    private static void Lease(YamlText yaml, RouteLease lease)
    {
        yaml.Key("id").Text(lease.Id);
        // To the whole second: a grant of minutes loses at most a second of it.
        if (lease.Until is { } until)
            yaml.Key("until").Text(until.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (lease.Uses is { } uses)
            yaml.Key("uses").Number(uses);
    }

    /// <summary>A scheme as manifests and routes.yaml spell it (SPEC A6).</summary>
    internal static string Scheme(AuthScheme scheme) => scheme switch
    {
        AuthScheme.Bearer => "Bearer",
        AuthScheme.Token => "token",
        AuthScheme.Basic => "Basic",
        AuthScheme.Header => "header",
        _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme.ToString()),
    };
}
