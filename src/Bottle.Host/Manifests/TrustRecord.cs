using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bottle.Core.Diagnostics;

namespace Bottle.Host.Manifests;

/// <summary>What was trusted last at one place: the hash, and the texts for the next difference. One JSON file, 0600.</summary>
internal sealed record TrustRecord(string Hash, IReadOnlyDictionary<string, TrustRecord.Item> Items)
{
    private const int MostText = 4 * 1024 * 1024;
    private const int LargestRecord = 32 * 1024 * 1024;

    /// <summary>A file: what identifies it, and its text when it is a short one.</summary>
    internal sealed record Item(string Kind, string Sha256, string? Text);

    public static TrustRecord Of(TrustContent content)
    {
        var left = MostText;
        var items = new Dictionary<string, Item>(StringComparer.Ordinal);
        foreach (var entry in content.Entries)
        {
            var text = TrustContent.TextOf(entry) is { } short_ && short_.Length <= left ? short_ : null;
            left -= text?.Length ?? 0;
            items[entry.Path] = new Item(entry.IsLink ? "link" : entry.IsExecutable ? "executable" : "file", Convert.ToHexStringLower(SHA256.HashData(entry.Content.Span)), text);
        }

        return new TrustRecord(content.Hash, items);
    }

    /// <summary>The record, or null when there is none or it is damaged: then nothing is trusted.</summary>
    public static TrustRecord? Load(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var json = JsonDocument.Parse(BoundedFile.Read(path, LargestRecord));
            var files = json.RootElement.GetProperty("files").EnumerateObject().ToDictionary(file => file.Name, file => new Item(
                file.Value.GetProperty("kind").GetString()!, file.Value.GetProperty("sha256").GetString()!, file.Value.TryGetProperty("text", out var text) ? text.GetString() : null), StringComparer.Ordinal);
            return new TrustRecord(json.RootElement.GetProperty("hash").GetString()!, files);
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>Writes beside and renames, so that a reader sees the old record or the new one.</summary>
    public void Save(string path, string agent, string place)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var stream = new FileStream(temporary, options))
        {
            Write(stream, agent, place);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>What differs from <paramref name="before"/>, for people; inert.</summary>
    public string DifferenceFrom(TrustRecord? before)
    {
        var text = new StringBuilder();
        foreach (var name in Items.Keys.Union(before?.Items.Keys ?? []).Order(StringComparer.Ordinal))
        {
            var (was, @is) = (before?.Items.GetValueOrDefault(name), Items.GetValueOrDefault(name));
            if (was == @is)
                continue;
            if (was?.Kind != @is?.Kind && was is not null && @is is not null)
                text.Append($"{InertText.Line(name)}: {was.Kind} becomes {@is.Kind}\n");
            if (was?.Sha256 == @is?.Sha256)
                continue;
            text.Append((was is null || was.Text is not null) && (@is is null || @is.Text is not null)
                ? UnifiedDiff.Of(was?.Text, @is?.Text, name)
                : $"{InertText.Line(name)}: not shown (no text, or long): {was?.Sha256 ?? "(nothing)"} becomes {@is?.Sha256 ?? "(nothing)"}\n");
        }

        return text.ToString();
    }

    private void Write(Stream stream, string agent, string place)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("v", 1);
        json.WriteString("agent", agent);
        json.WriteString("place", place);
        json.WriteString("hash", Hash);
        json.WriteStartObject("files");
        foreach (var (name, item) in Items.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(name);
            json.WriteString("kind", item.Kind);
            json.WriteString("sha256", item.Sha256);
            if (item.Text is not null)
                json.WriteString("text", item.Text);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
