using Bottle.Host.Secrets;
using Bottle.Host.State;

namespace Bottle.Build.Launching;

/// <summary>The one moment in which secrets are values: egress's go into its token file, the agent's variables into the environment of the Compose process.</summary>
internal sealed class SecretHandover(BottleContext context)
{
    /// <summary>Writes the token file, and returns the values of the variables that the Compose file names.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> RunAsync()
    {
        var plan = context.Launch.RequiredPlan;
        var resolver = new SecretResolver(context.Runner, HostProbe.OperatorEnvironment(), context.UserDirectory);
        if (plan.Egress is { Tokens.Count: > 0 } egress)
        {
            context.Trust.RequireUnchanged();
            var values = await resolver.ResolveAsync(egress.Tokens, context.Cancellation);
            new TokenDirectory(context.Home, plan.Identity).Write(values, context.Launch.Owner);
        }
        return resolver.HostValues([.. plan.Agent.Environment, .. plan.Services.SelectMany(service => service.Environment)]);
    }
}
