using Bottle.Core.Diagnostics;
using Bottle.Host.Images;
using Bottle.Host.Manifests;
using Bottle.Host.Rendering;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Bottle.MSBuild;

/// <summary>Renders the bottles of agents into a folder, or holds that folder against them. What is wrong is an error at its file, line and column, with its code.</summary>
public sealed class RenderBottles : Microsoft.Build.Utilities.Task
{
    /// <summary>Bottle's own repository, whose sources the images' tags are hashes of.</summary>
    [Required]
    public string Repository { get; set; } = "";

    /// <summary>The folder with the manifests.</summary>
    [Required]
    public string Manifests { get; set; } = "";

    /// <summary>Where the files are: <c>OutputPath/&lt;agent&gt;/…</c>.</summary>
    [Required]
    public string OutputPath { get; set; } = "";

    /// <summary>The agents, with semicolons between; all of <see cref="Manifests"/> when empty (with <see cref="Verify"/>: those with a folder).</summary>
    public string Agents { get; set; } = "";

    /// <summary>Whether files are compared instead of written.</summary>
    public bool Verify { get; set; }

    /// <summary>The files, written or compared.</summary>
    [Output]
    public ITaskItem[] Files { get; set; } = [];

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            var renderer = new OfflineRenderer(new ManifestStore([Manifests], Beside), new ImageCatalogue(Repository, [Manifests]));
            Files = [.. AgentsOf(renderer).SelectMany(agent => Handle(renderer, agent)).Select(path => new TaskItem(path))];
        }
        catch (BottleException wrong)
        {
            Say(wrong.Diagnostics);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            Log.LogErrorFromException(problem);
        }

        return !Log.HasLoggedErrors;
    }

    // Places of routes stand in the rendered files: they must be the same in every clone, whatever folder it is in.
    private string Beside => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Manifests)))!;

    // An agent that is wrong does not keep the others from being rendered, so that all errors come at once.
    private IReadOnlyList<string> Handle(OfflineRenderer renderer, string agent)
    {
        try
        {
            var rendering = renderer.Render(agent);
            Say(rendering.Warnings);
            var kept = new KeptFiles(Path.Combine(OutputPath, agent));
            if (!Verify)
                return kept.Write(rendering.Files);
            Say(kept.Compare(rendering.Files));
            return [];
        }
        catch (BottleException wrong)
        {
            Say(wrong.Diagnostics);
            return [];
        }
    }

    private IReadOnlyList<string> AgentsOf(OfflineRenderer renderer)
    {
        var named = Agents.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (named.Length > 0)
            return named;
        if (!Verify)
            return renderer.Agents;
        // A folder without an agent is an error of the manifests: there is no such agent.
        var kept = Directory.Exists(OutputPath) ? Directory.EnumerateDirectories(OutputPath).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal).ToList() : [];
        return kept.Count > 0 ? kept : throw new BottleException(Core.Diagnostics.Catalogue.RenderedFileErrors.NothingKept(OutputPath));
    }

    private void Say(IReadOnlyList<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            var where = diagnostic.Where is { } place ? place with { File = Path.GetFullPath(place.File, Beside) } : null;
            var text = DiagnosticMsBuild.Message(diagnostic);
            if (diagnostic.Severity == Severity.Error)
                Log.LogError(null, diagnostic.Code, null, where?.File, where?.Line ?? 0, where?.Column ?? 0, 0, 0, "{0}", text);
            else if (diagnostic.Severity == Severity.Warning)
                Log.LogWarning(null, diagnostic.Code, null, where?.File, where?.Line ?? 0, where?.Column ?? 0, 0, 0, "{0}", text);
            else
                Log.LogMessage(MessageImportance.High, "{0}", DiagnosticMsBuild.Render(diagnostic));
        }
    }
}
