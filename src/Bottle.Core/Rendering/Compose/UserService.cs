using Bottle.Core.Planning;

namespace Bottle.Core.Rendering.Compose;

/// <summary>A service of the user's own (SPEC A10): on internal alone, hardened as everything else, but that its root can be written: images of databases expect that, and it is gone with the run.</summary>
internal static class UserService
{
    /// <summary>The service for a plan.</summary>
    public static ComposeService From(BottlePlan plan, ServicePlan service) => new()
    {
        Name = service.Name,
        ContainerName = plan.Names.Container(service.Name),
        Image = service.Image,
        User = plan.RunAs.ToString(),
        Limits = service.Limits,
        Labels = ComposeServices.Labels(plan, service.Name),
        Environment = [.. service.Environment.Select(v => new ComposeVariable(v.Name, v.Literal))],
        RootIsWritable = true,
        Tmpfs = ["/tmp:size=256m,mode=1777,noexec,nosuid,nodev", "/run:size=64m,mode=1777,noexec,nosuid,nodev"],
        Networks = [new(ComposeNetworks.Internal)],
        Healthcheck = service.Healthcheck?.Test ?? [],
        HealthTimes = service.Healthcheck is { } health ? new ComposeHealthTimes(health.Interval, health.Timeout, health.Retries) : ComposeHealthTimes.Ours,
    };
}
