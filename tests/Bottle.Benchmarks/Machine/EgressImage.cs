using System.Diagnostics;
using System.Globalization;

namespace Bottle.Benchmarks.Machine;

/// <summary>Asks the engine, where there is one, for the size of the newest sidecar image.</summary>
internal static class EgressImage
{
    /// <summary>Its size in MB (10^6 bytes), or null when there is no engine or no image.</summary>
    internal static double? SizeMb()
    {
        var id = Ask("images", "--quiet", "--filter", "label=bottle.image=egress").Split('\n')[0];
        return id.Length > 0 && long.TryParse(Ask("image", "inspect", "--format", "{{.Size}}", id), CultureInfo.InvariantCulture, out var bytes) ? bytes / 1e6 : null;
    }

    private static string Ask(params string[] arguments)
    {
        var start = new ProcessStartInfo("docker", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start);
            if (process is null)
                return "";
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No docker on this machine.
            return "";
        }
    }
}
