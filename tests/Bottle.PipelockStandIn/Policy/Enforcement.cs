using Bottle.PipelockStandIn.Configuration;
using Bottle.PipelockStandIn.Proxying;

namespace Bottle.PipelockStandIn.Policy;

/// <summary>What one reading of the file enforces. A tunnel keeps the one under which it was opened, as pipelock's do.</summary>
internal sealed class Enforcement(StandInConfig config)
{
    public StandInConfig Config => config;

    public HostList Allowed { get; } = new(config.Allowlist, wildcardCoversApex: true);

    public HostList Passthrough { get; } = new(config.Passthrough, wildcardCoversApex: false);

    public RequestInspector Inspector { get; } = new(config);

    public Dialler Dialler { get; } = new(new AddressRules(config.AllowedAddresses));
}
