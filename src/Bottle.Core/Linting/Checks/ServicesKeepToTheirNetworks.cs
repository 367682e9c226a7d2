using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>The agent, supervise and the user's own services are on internal alone, pipelock never is, the git-gate is never on the network that leads out, and test upstreams are outside (ARCHITECTURE, Networks).</summary>
internal sealed class ServicesKeepToTheirNetworks : ICheck
{
    private const string Upstreams = "upstream-";

    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        foreach (var service in compose.Services)
        {
            var found = string.Join(", ", service.Networks.Select(n => n.Network).Order(StringComparer.Ordinal));
            var wanted = service.Name == plan.Pipelock?.Service ? "egress, relay" : plan.Services.Any(own => own.Name == service.Name) ? "internal" : Wanted(service.Name);
            if (found != wanted)
                yield return LintErrors.WrongNetworks(service.Name, found, wanted);
        }
    }

    private static string Wanted(string service) => service switch
    {
        "agent" or "supervise" => "internal",
        "egress" or "git-gate" => "internal, relay",
        _ when service.StartsWith(Upstreams, StringComparison.Ordinal) => "egress",
        _ => "",
    };
}
