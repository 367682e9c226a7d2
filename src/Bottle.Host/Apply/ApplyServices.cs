using Bottle.Host.Audit;
using Bottle.Host.Docker;
using Bottle.Host.State;

namespace Bottle.Host.Apply;

/// <summary>What applying a change works with.</summary>
/// <param name="Home">The home whose runs are meant.</param>
/// <param name="Store">Its runs.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Time">The clock of leases and records.</param>
public sealed record ApplyServices(BottleHome Home, StateStore Store, DockerEngine Engine, TimeProvider Time)
{
    /// <summary>How long the steps may take.</summary>
    public ApplyLimits Limits { get; init; } = new();

    /// <summary>Where decisions and changes are recorded.</summary>
    public AuditLog Audit { get; } = new(Home, Time);
}
