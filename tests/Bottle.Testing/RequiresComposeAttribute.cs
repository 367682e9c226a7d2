using System.ComponentModel;
using System.Diagnostics;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Bottle.Testing;

/// <summary>A test that needs the Docker client with Compose v2, and no running engine. Without them it is skipped with a clear line, and fails where <c>BOTTLE_REQUIRE_ENGINE=1</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresComposeAttribute : NUnitAttribute, IApplyToTest
{
    private static readonly Lazy<string?> Problem = new(FindProblem);

    /// <inheritdoc/>
    public void ApplyToTest(Test test)
    {
        test.Properties.Add(PropertyNames.Category, "Compose");
        if (test.RunState == RunState.NotRunnable || Problem.Value is not { } problem)
            return;
        if (MachineNeeds.AreRequired)
        {
            test.MakeInvalid($"BOTTLE_REQUIRE_ENGINE=1, and {problem}");
            return;
        }
        test.RunState = RunState.Ignored;
        test.Properties.Set(PropertyNames.SkipReason, problem);
    }

    private static string? FindProblem()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("docker", ["compose", "version", "--short"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var version = process.StandardOutput.ReadToEnd().Trim().TrimStart('v');
            process.WaitForExit();
            return process.ExitCode != 0 ? "'docker compose' is not there"
                : int.TryParse(version.Split('.')[0], out var major) && major >= 2 ? null
                : $"'docker compose' is {version}, not version 2 or later";
        }
        catch (Win32Exception)
        {
            return "there is no 'docker' command";
        }
    }
}
