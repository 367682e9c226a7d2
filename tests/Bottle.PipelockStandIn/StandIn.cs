using Bottle.PipelockStandIn.Configuration;
using Bottle.PipelockStandIn.Policy;
using Bottle.PipelockStandIn.Proxying;
using Bottle.PipelockStandIn.Tls;

namespace Bottle.PipelockStandIn;

/// <summary>The proxy: Kestrel with CONNECT below its HTTP.</summary>
internal static class StandIn
{
    public static async Task<int> RunAsync(string path)
    {
        var config = ConfigReader.ReadFile(path);
        var inForce = new EnforcementInForce(new Enforcement(config));
        var listener = new ProxyListener(inForce, new Authority(config));
        using var forwarder = new Forwarder(inForce);
        var handler = new RequestHandler(inForce, forwarder);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(config.Listen, listener.Attach);
        });
        await using var app = builder.Build();
        app.Run(handler.HandleAsync);
        var reloading = new ConfigReload(path, inForce).RunAsync(app.Lifetime.ApplicationStopping);
        await app.StartAsync();
        AuditLog.Write("info", "startup", "this is a STAND-IN for pipelock: allowlist, interception, private ranges and a few patterns, nothing else",
            config.Listen.ToString(), $"read but not enforced: {string.Join(", ", config.NotEnforced)}");
        await app.WaitForShutdownAsync();
        await reloading;
        AuditLog.Write("info", "shutdown", "ended");
        return 0;
    }
}
