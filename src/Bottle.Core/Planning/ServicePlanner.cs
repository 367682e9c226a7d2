using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Places the user's own containers beside the agent (SPEC A10).</summary>
internal static class ServicePlanner
{
    /// <summary>The services, in the order written.</summary>
    public static IReadOnlyList<ServicePlan> Plan(LaunchRequest request, HostFacts facts, List<Diagnostic> diagnostics)
    {
        foreach (var service in request.Bottle.Services)
        {
            // A tag can mean another image tomorrow; what the engine has already does not change under a name of its own.
            if (!service.Image.Value.Contains("@sha256:", StringComparison.Ordinal) && facts.LocalImages is { } local && !local.Contains(service.Image.Value))
                diagnostics.Add(ServiceErrors.ServiceImageMissing(service.Image, request.HostIsRequired));
            foreach (var variable in service.Environment)
                Check(request, facts, service.Name.Value, variable, diagnostics);
        }
        return [.. request.Bottle.Services.Select(service => new ServicePlan
        {
            Name = service.Name.Value,
            Image = service.Image.Value,
            Environment = [.. service.Environment.Select(v => new EnvironmentVariable(v.Name, v.Literal, v.FromHost) { Source = v.Where.ToString() }).OrderBy(v => v.Name, StringComparer.Ordinal)],
            Healthcheck = service.Healthcheck is { } health ? new HealthcheckPlan(health.Test, health.Interval, health.Timeout, health.Retries) : null,
            Limits = Limits.Service.Within(facts.Cpus),
            Source = service.Name.Where.ToString(),
        })];
    }

    private static void Check(LaunchRequest request, HostFacts facts, string service, Manifests.EnvironmentManifest variable, List<Diagnostic> diagnostics)
    {
        if (variable.FromHost is not { } host)
            return;
        if (!facts.Variables.Contains(host))
            diagnostics.Add(PlanErrors.HostVariableMissing(host, $"the '{variable.Name}' of service '{service}' comes from it", variable.Where, request.HostIsRequired));
        // Compose gets a value under one name for all its services: by that name alone it cannot give two of them different ones.
        var others = request.Bottle.Environment.Concat(request.Bottle.Services.Where(other => other.Name.Value != service).SelectMany(other => other.Environment));
        if (others.FirstOrDefault(other => other.Name == variable.Name && other.FromHost is not null && other.FromHost != host) is { } clash)
            diagnostics.Add(ServiceErrors.HostVariableAmbiguous(variable.Name, host, clash.FromHost!, variable.Where));
    }
}
