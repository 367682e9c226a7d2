using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bottle.Core.Diagnostics;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Testing;

/// <summary>
/// A command from npm at a fixed version, for tests with real clients: installed once into <c>artifacts/npm</c>, where all test processes of the machine find it. Where npm cannot be reached
/// the test is skipped with the reason; any other failure to install fails it.
/// </summary>
public sealed partial class NpmTool
{
    private const string NodePackage = "node";
    private const string NodeVersion = "22.23.3";
    private const int LeastNode = 22;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly CommandRunner Runner = new();

    private readonly string _node;
    private readonly string _script;

    private NpmTool(string node, string script) => (_node, _script) = (node, script);

    /// <summary>The command <paramref name="bin"/> of a package, installed when it is not there yet.</summary>
    public static async Task<NpmTool> GetAsync(string package, string version, string bin)
    {
        var folder = await InstallAsync(package, version, runsScripts: false);
        return new NpmTool(await FindNodeAsync(), Path.Combine(folder, "node_modules", ".bin", bin));
    }

    /// <summary>Runs it until it ends.</summary>
    public async Task<CommandResult> RunAsync(string workingDirectory, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await Runner.RunAsync(new Command(_node, [_script, .. arguments])
        {
            WorkingDirectory = workingDirectory,
            // Its peers are on loopback, whatever proxy this machine has.
            Environment = new Dictionary<string, string?> { ["NO_PROXY"] = "127.0.0.1,localhost", ["no_proxy"] = "127.0.0.1,localhost", ["NO_COLOR"] = "1" },
        }, limit.Token);
    }

    /// <summary>The machine's own node when it is new enough, else npm's.</summary>
    private static async Task<string> FindNodeAsync()
    {
        if (await TryRunAsync(new Command("node", "--version")) is { Succeeded: true } found && int.TryParse(found.Output.Trim().TrimStart('v').Split('.')[0], out var major) && major >= LeastNode)
        {
            return "node";
        }
        // Its script is what fetches the binary.
        return Path.Combine(await InstallAsync(NodePackage, NodeVersion, runsScripts: true), "node_modules", "node", "bin", "node");
    }

    private static async Task<string> InstallAsync(string package, string version, bool runsScripts)
    {
        var all = Path.Combine(Repository(), "artifacts", "npm");
        var folder = Path.Combine(all, $"{package.Replace('/', '+')}@{version}");
        Directory.CreateDirectory(all);
        using var one = await LockAsync(folder + ".lock");
        if (Directory.Exists(folder))
        {
            return folder;
        }
        var half = folder + ".half";
        if (Directory.Exists(half))
        {
            Directory.Delete(half, recursive: true);
        }
        Directory.CreateDirectory(half);
        // Otherwise npm looks for a package further up.
        await File.WriteAllTextAsync(Path.Combine(half, "package.json"), "{\"private\": true}\n");
        var result = await TryRunAsync(new Command("npm", ["install", "--no-audit", "--no-fund", "--no-save", .. runsScripts ? Array.Empty<string>() : ["--ignore-scripts"], $"{package}@{version}"]) { WorkingDirectory = half });
        if (result is null)
        {
            MachineNeeds.AreMissing($"{package} cannot be fetched: there is no 'npm' command");
        }
        if (!result.Succeeded)
        {
            var said = result.Output + result.Error;
            var unreachable = Unreachable().Match(said);
            Assert.That(unreachable.Success, Is.True, $"npm install {package}@{version}\n{said}");
            MachineNeeds.AreMissing($"{package} cannot be fetched, npm is not reachable: {unreachable.Value.Trim()}");
        }
        Directory.Move(half, folder);
        return folder;
    }

    /// <summary>How a command ended; null when this machine has no such program.</summary>
    private static async Task<CommandResult?> TryRunAsync(Command command)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await Runner.RunAsync(command, limit.Token);
        }
        catch (BottleException)
        {
            return null;
        }
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(100);
            }
        }
    }

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath("../..", Path.GetDirectoryName(file)!);

    [GeneratedRegex(@"^npm (ERR!|error) .*\b(ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH)\b.*$", RegexOptions.Multiline)]
    private static partial Regex Unreachable();
}
