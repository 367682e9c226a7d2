using System.Globalization;
using System.Text.Json;

namespace Bottle.Benchmarks.Soak;

/// <summary>Prints the soak's result and writes it as JSON.</summary>
internal static class SoakReport
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Returns the exit code: 0 without a find.</summary>
    internal static int Write(BenchOptions options, SoakFindings findings, MemoryWatch memory)
    {
        foreach (var (what, count) in findings.Counts)
            Console.WriteLine($"{what,-28} {count}");
        var most = memory.Readings.DefaultIfEmpty(0).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory: growth {memory.Growth():F1} MB after warm-up, highest {most:F1} MB, {memory.Readings.Count} readings"));
        foreach (var find in findings.Finds.Take(20))
            Console.WriteLine("FIND " + find);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{findings.Finds.Count} finds in {options.Minutes} minutes, seed {options.Seed}"));
        if (options.JsonFile is not null)
        {
            var record = new { options.Minutes, options.Seed, options.Megabytes, findings.Counts, findings.Finds, MemoryMb = memory.Readings, GrowthMb = memory.Growth() };
            File.WriteAllText(options.JsonFile, JsonSerializer.Serialize(record, Format) + "\n");
        }
        return findings.Finds.Count == 0 ? 0 : 1;
    }
}
