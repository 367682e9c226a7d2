using Bottle.Host.Docker;
using Bottle.Host.Processes;

namespace Bottle.Host.Images;

/// <summary>A build: BuildKit on the engine's own driver, or the classic builder where buildx is missing; without the proxies of the docker client, which a Dockerfile could read.</summary>
/// <param name="runner">What starts processes.</param>
/// <param name="clientFolder">The docker client's configuration folder.</param>
internal sealed class DockerBuild(ICommandRunner runner, string clientFolder)
{
    private const int LongestStep = 90;

    /// <summary>The label with an image's role; images that carry it are kept between runs.</summary>
    public const string RoleLabel = "bottle.image";

    /// <summary>Builds a recipe from a context folder; its steps are told, its output is kept for a failure.</summary>
    public async Task<CommandResult> RunAsync(
        ImageRecipe recipe, string context, IEnumerable<(string Name, string Value)> buildArguments, Action<string> say, CancellationToken cancellationToken)
    {
        // 0700, and gone with the build: a FROM may need what the operator has for registries.
        var staged = Directory.CreateTempSubdirectory("bottle-docker-");
        try
        {
            var configuration = ClientConfiguration.WithoutProxies(clientFolder, Path.Combine(staged.FullName, "client"), keepsRegistries: true);
            var command = await CommandAsync(recipe, context, buildArguments, say, cancellationToken).ConfigureAwait(false);
            if (configuration is not null)
                command = command with { Environment = new Dictionary<string, string?>(command.Environment) { ["DOCKER_CONFIG"] = configuration } };
            return await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            staged.Delete(recursive: true);
        }
    }

    private async Task<Command> CommandAsync(ImageRecipe recipe, string context, IEnumerable<(string Name, string Value)> buildArguments, Action<string> say, CancellationToken cancellationToken)
    {
        var hasBuildx = (await runner.RunAsync(new Command("docker", "buildx", "version"), cancellationToken).ConfigureAwait(false)).Succeeded;
        return new Command("docker",
            ["build", "--file", recipe.Dockerfile, "--tag", recipe.Tag, "--label", $"{RoleLabel}={recipe.Role}",
             .. buildArguments.SelectMany(a => new[] { "--build-arg", $"{a.Name}={a.Value}" }), context])
        {
            Environment = new Dictionary<string, string?>
            {
                ["DOCKER_BUILDKIT"] = hasBuildx ? "1" : "0",
                ["BUILDKIT_PROGRESS"] = "plain",
                // Another builder has a store of its own, in which our base image is not.
                ["BUILDX_BUILDER"] = "default",
                ["BUILDX_NO_DEFAULT_ATTESTATIONS"] = "1",
            },
            OnLine = Steps(recipe.Role, say),
        };
    }

    /// <summary>Tells each step once: BuildKit repeats the line of one that takes long.</summary>
    private static Action<string, bool> Steps(string role, Action<string> say)
    {
        var told = "";
        return (line, _) =>
        {
            if (!IsStep(line) || line == told)
                return;
            told = line;
            say($"{role}: {(line.Length > LongestStep ? $"{line.AsSpan(0, LongestStep)}…" : line)}");
        };
    }

    /// <summary><c>#7 [2/4] RUN …</c> of BuildKit, <c>Step 2/4 : RUN …</c> of the classic builder.</summary>
    private static bool IsStep(string line) =>
        line.StartsWith("Step ", StringComparison.Ordinal)
        || (line.StartsWith('#') && line.IndexOf(" [", StringComparison.Ordinal) is > 0 and < 6 && line.Contains('/', StringComparison.Ordinal) && !line.Contains("[internal]", StringComparison.Ordinal));
}
