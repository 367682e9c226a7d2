using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Processes;

namespace Bottle.Host.Images;

/// <summary>Publishes an image's program to <c>artifacts/images/&lt;role&gt;/&lt;hash&gt;</c>: outside the project folders, and again only when its sources change.</summary>
internal sealed class ProgramPublisher(ICommandRunner runner, string repository, Action<string> say)
{
    /// <summary>The folder with the published output: the build's whole context.</summary>
    public async Task<string> PublishAsync(string role, PublishedProgram program, CancellationToken cancellationToken)
    {
        var all = Path.Combine(repository, "artifacts", "images", role);
        var output = Path.Combine(all, program.Hash);
        if (Directory.Exists(output))
            return output;
        say($"{role}: publishing {Path.GetRelativePath(repository, program.Project)}");
        if (Directory.Exists(all))
            Directory.Delete(all, recursive: true);
        var half = output + ".half";
        var command = Command(program, half);
        var result = await runner.RunAsync(command, cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded)
            throw new BottleException(SetupErrors.PublishFailed(role, command.ToString(), LastLines(result)));
        // The name with the hash appears only when the output is whole.
        Directory.Move(half, output);
        return output;
    }

    private Command Command(PublishedProgram program, string output) =>
        new("dotnet", "publish", program.Project, "--configuration", "Release", "--runtime", "linux-x64", "--output", output, "-nologo", "-v:q", "-tl:off", "-nodeReuse:false")
        {
            WorkingDirectory = repository,
            Environment = new Dictionary<string, string?>
            {
                // Bottle itself may run inside a build: that build's settings are not this one's.
                ["MSBuildSDKsPath"] = null,
                ["MSBuildExtensionsPath"] = null,
                ["MSBUILD_EXE_PATH"] = null,
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
            },
        };

    /// <summary>Compilers write errors to standard output.</summary>
    private static string[] LastLines(CommandResult result) =>
        [.. (result.Output + '\n' + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).Where(line => line.Length > 0).TakeLast(20)];
}
