using System.Diagnostics;

namespace Bottle.MSBuild.Tests;

/// <summary>A small folder of manifests, and <c>dotnet build</c> as a user types it there.</summary>
internal sealed class BottleFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bottle-msbuild-");

    internal BottleFolder()
    {
        Write("bottles/dev.md", """
            ---
            egress:
              routes:
                - host: api.example.com
            expect: {allow: ["GET https://api.example.com/"], deny: ["POST https://api.example.com/"]}
            ---
            """);
        Write("bottles/agents/dev.md", """
            ---
            bottle: dev
            command: [bash]
            ---
            Prompt.
            """);
    }

    internal string Root => folder.FullName;

    internal string Bottles => Path.Combine(Root, "bottles");

    internal string Rendered => Path.Combine(Root, "rendered");

    /// <summary>The repository that these tests are built in.</summary>
    internal static string Repository { get; } = FindRepository();

    internal void Write(string path, string text)
    {
        var full = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    internal string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Runs a target with this folder's manifests and rendered files; the output is at MSBuild's normal verbosity.</summary>
    internal Task<(int Code, string Output)> BuildAsync(string target, params string[] properties) =>
        ShellAsync($"dotnet build '{Path.Combine(Repository, "src", "Bottle.MSBuild")}' --no-restore -v:n -t:{target} -p:BottleManifests=bottles -p:BottleOutputPath=rendered {string.Join(' ', properties)}");

    internal async Task<(int Code, string Output)> ShellAsync(string command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"{command} 2>&1"]) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardInput = true };
        // The test host's own build settings are not the user's.
        foreach (var name in new[] { "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH" })
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        await TestContext.Out.WriteLineAsync(await output);
        return (process.ExitCode, await output);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string FindRepository()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at!.FullName, "bottle.cake")))
            at = at.Parent;
        return at.FullName;
    }
}
