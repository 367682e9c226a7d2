using System.Text.Json;
using Bottle.GitGate.Processes;

namespace Bottle.GitGate.Scanning;

/// <summary>Runs gitleaks 8 over a folder.</summary>
internal static class Gitleaks
{
    // Its exit code is 1 for errors as well as for findings unless another is asked for.
    private const int Found = 42;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Everything found in <c>files/</c> of the folder.</summary>
    /// <exception cref="InvalidOperationException">Gitleaks failed: nothing is known about the folder.</exception>
    public static async Task<IReadOnlyList<Leak>> RunAsync(ScanFolder folder)
    {
        var report = $"{folder.Path}/report.json";
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = folder.Path, ["LC_ALL"] = "C" };
        string[] arguments = ["detect", "--no-git", "--no-banner", "--exit-code", "42", "--log-level", "error", "--source", "files", "--report-format", "json", "--report-path", report];
        var result = await Tool.RunAsync("/usr/bin/gitleaks", arguments, folder.Path, environment, null, Limit);
        if (result.ExitCode is not (0 or Found) || !File.Exists(report))
        {
            throw new InvalidOperationException($"gitleaks ended with {result.ExitCode}");
        }
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(report));
        var leaks = document.RootElement.EnumerateArray().Select(Read).ToArray();
        return result.ExitCode == 0 || leaks.Length > 0 ? leaks : throw new InvalidOperationException("gitleaks found something that it does not report");
    }

    private static Leak Read(JsonElement leak) => new(
        leak.GetProperty("RuleID").GetString() ?? "",
        Path.GetFileName(leak.GetProperty("File").GetString() ?? ""),
        leak.GetProperty("StartLine").GetInt32(),
        leak.GetProperty("Secret").GetString() ?? "");
}
