using Bottle.Core.Diagnostics;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Host.Images;
using Bottle.Host.Manifests;

namespace Bottle.Host.Rendering;

/// <summary>Manifests to rendered files without an engine, a secret or the operator's environment (SPEC D7): what CI renders and holds against what a repository keeps.</summary>
/// <param name="manifests">Where manifests are.</param>
/// <param name="images">The images whose tags stand in the files.</param>
public sealed class OfflineRenderer(ManifestStore manifests, ImageCatalogue images)
{
    /// <summary>The agents that there are, by name.</summary>
    public IReadOnlyList<string> Agents => [.. manifests.ListAgents().Select(agent => agent.Name)];

    /// <summary>Renders one agent's bottle.</summary>
    /// <exception cref="BottleException">Everything that is wrong with its manifests or its plan.</exception>
    public OfflineRendering Render(string agent)
    {
        var loaded = manifests.Load(agent);
        var facts = RenderFacts.For(loaded.Bottle, loaded.PlannedProviders, images.Facts(loaded.ImageName, loaded.Bottle.TestUpstreams.Select(upstream => upstream.Image.Value)));
        var request = new LaunchRequest { Identity = Identity.ForRender(agent).ToString(), Agent = loaded.Agent, Bottle = loaded.Bottle, Providers = loaded.PlannedProviders };
        var result = Planner.Plan(request, facts);
        return new OfflineRendering(Renderer.Render(result.Require()), [.. loaded.Shadowed, .. result.Diagnostics]);
    }
}

/// <summary>The rendered files of one agent, and warnings.</summary>
public sealed record OfflineRendering(IReadOnlyList<RenderedFile> Files, IReadOnlyList<Diagnostic> Warnings);
