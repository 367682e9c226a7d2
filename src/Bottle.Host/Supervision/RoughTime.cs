using System.Globalization;

namespace Bottle.Host.Supervision;

/// <summary>A time span as people say it: "40 s", "12 min", "3 h 5 min"; rounded down.</summary>
internal static class RoughTime
{
    public static string Text(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
    };
}
