using Bottle.PipelockStandIn.Configuration;
using Bottle.PipelockStandIn.Policy;
using Bottle.PipelockStandIn.Proxying;
using Bottle.PipelockStandIn.Tls;

namespace Bottle.PipelockStandIn;

/// <summary>The proxy: Kestrel with CONNECT below its HTTP.</summary>
internal static class StandIn
{
    public static async Task<int> RunAsync(StandInConfig config)
    {
        var authority = new Authority(config);
        var dialler = new Dialler(new AddressRules(config.AllowedAddresses));
        var listener = new ProxyListener(config, authority, dialler);
        using var forwarder = new Forwarder(config, dialler);
        var handler = new RequestHandler(listener, new RequestInspector(config), forwarder);

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
        await app.StartAsync();
        AuditLog.Write("info", "startup", "this is a STAND-IN for pipelock: allowlist, interception, private ranges and a few patterns, nothing else",
            config.Listen.ToString(), $"read but not enforced: {string.Join(", ", config.NotEnforced)}");
        await app.WaitForShutdownAsync();
        AuditLog.Write("info", "shutdown", "ended");
        return 0;
    }
}
