using Bottle.Egress.Hosting;
using Bottle.Egress.Introspection;

var settings = EgressSettings.FromEnvironment(Environment.GetEnvironmentVariable);
switch (args)
{
    case []:
        return await EgressProcess.RunAsync(settings).ConfigureAwait(false);
    case ["healthcheck"]:
        return ControlClient.CheckHealth(settings.ControlSocket);
    case ["introspect", "await", var generation, var seconds] when ReloadWait.TryRead(generation, seconds, out var wait):
        return wait.Run(settings.ControlSocket);
    case ["introspect", .. var question] when ControlClient.TryGetTarget(question, out var target):
        return ControlClient.Print(settings.ControlSocket, target);
    default:
        Console.Error.WriteLine("usage: egress | egress healthcheck | egress introspect [allowlist | healthz | budget | explain URL METHOD | await GENERATION SECONDS]");
        return 2;
}
