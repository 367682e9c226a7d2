using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;

namespace Bottle.Host.Images;

/// <summary>Images of ours that the engine has.</summary>
internal sealed class ImageStore(ICommandRunner runner)
{
    // Tags of other checkouts on this machine stay usable; their layers are mostly shared.
    private const int KeptTags = 3;

    /// <summary>Whether the engine has all of these references, asked at once; false also when it cannot be told.</summary>
    public async Task<bool> AllExistAsync(IReadOnlyList<string> references, CancellationToken cancellationToken) =>
        (await runner.RunAsync(new Command("docker", ["image", "inspect", "--format", "{{.Id}}", .. references]), cancellationToken).ConfigureAwait(false)).Succeeded;

    /// <summary>Whether the engine has this reference.</summary>
    public async Task<bool> ExistsAsync(string reference, CancellationToken cancellationToken)
    {
        var command = new Command("docker", "image", "inspect", "--format", "{{.Id}}", reference);
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        return result.Succeeded || (result.Error.Contains("No such image", StringComparison.OrdinalIgnoreCase)
            ? false
            : throw new BottleException(CommandRunnerExtensions.Failed(command, result)));
    }

    /// <summary><c>name@sha256:…</c> references of an image that came from a registry; empty when the engine does not have it or it was built here.</summary>
    public async Task<IReadOnlyList<string>?> DigestsAsync(string reference, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(new Command("docker", "image", "inspect", "--format", "{{range .RepoDigests}}{{println .}}{{end}}", reference), cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null;
    }

    /// <summary>Removes the oldest tags of a role; one that a container uses stays.</summary>
    public async Task PruneAsync(ImageRecipe recipe, CancellationToken cancellationToken)
    {
        // Newest first: that is the order of `docker image ls`.
        var list = await runner.RunAsync(
            new Command("docker", "image", "ls", "--filter", $"label={DockerBuild.RoleLabel}={recipe.Role}", "--format", "{{.Repository}}:{{.Tag}}"), cancellationToken).ConfigureAwait(false);
        var old = list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(tag => tag.StartsWith($"{recipe.Name}:", StringComparison.Ordinal) && tag != recipe.Tag)
            .Skip(KeptTags - 1);
        foreach (var tag in old)
            await runner.RunAsync(new Command("docker", "image", "rm", tag), cancellationToken).ConfigureAwait(false);
    }
}
