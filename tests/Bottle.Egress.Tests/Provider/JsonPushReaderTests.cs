using System.Text;
using System.Text.Json;
using Bottle.Egress.Provider;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Egress.Tests.Provider;

[Parallelizable(ParallelScope.All)]
public sealed class JsonPushReaderTests
{
    [Test]
    public void It_accepts_all_that_the_frameworks_reader_accepts_and_sees_the_same_keys()
    {
        var pieces = Gen.Elements("{", "}", "[", "]", ":", ",", "\"a\"", "\"mcp\\u005fservers\"", "\"\\\"\"", "\"b\\\\\"", "1", "-1.5e3", "true", "null", " ", "\n", "{\"a\":1}", "[1,2]", "\"\"", "\\", "\"", "x");
        var texts = Gen.Select(Gen.ArrayOf(pieces), parts => "{\"a\":" + string.Concat(parts) + "}").ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(texts, text =>
        {
            var expected = KeysByFramework(text);
            return expected is null || text.Trim()[0] is not ('{' or '[') || new[] { 1, 3, 1000 }.All(size => KeysByReader(text, size)?.SequenceEqual(expected) ?? false);
        }));
    }

    [TestCase("{\"a\"}")]
    [TestCase("{\"a\":1,}")]
    [TestCase("{a:1}")]
    [TestCase("{'a':1}")]
    [TestCase("[1 2]")]
    [TestCase("{}{}")]
    [TestCase("{\"a\":1}x")]
    [TestCase("\"a\nb\"")]
    [TestCase("{\"a\\x\":1}")]
    [TestCase("/* */{}")]
    [TestCase("\ufeff{}")]
    [TestCase("hello")]
    [TestCase("\"hello\"")]
    [TestCase("[}")]
    [TestCase("{")]
    [TestCase("")]
    public void What_is_not_JSON_is_refused(string text) => Assert.That(KeysByReader(text, 1000), Is.Null);

    [Test]
    public void Numbers_and_literals_are_told_as_they_are_written_whatever_follows_them()
    {
        foreach (var size in new[] { 1, 2, 1000 })
        {
            var atoms = new List<string>();
            var reader = new JsonPushReader((_, _) => null, (r, text) =>
            {
                atoms.Add($"{r.Frames[^1].Key}={Encoding.UTF8.GetString(text)}");
                return null;
            });
            foreach (var part in Encoding.UTF8.GetBytes("""{"a":1,"b":[true,-2e5 ],"c":{"d":null},"e":"5","f":12}""").Chunk(size))
            {
                Assert.That(reader.Feed(part), Is.Null);
            }
            Assert.That(atoms, Is.EqualTo(new[] { "a=1", "=true", "=-2e5", "d=null", "f=12" }));
        }
    }

    [Test]
    public void The_beginning_of_a_long_string_is_there_without_its_escapes()
    {
        var beginnings = new List<string>();
        var reader = new JsonPushReader((r, text) =>
        {
            beginnings.Add(r.Beginning[..Math.Min(6, r.Beginning.Length)]);
            return null;
        });
        Assert.That(reader.Feed(Encoding.UTF8.GetBytes("{\"k\":\"d\\u0061ta:" + string.Concat(Enumerable.Repeat("\\u0041", 400)) + "\",\"k\":\"\"}")), Is.Null);
        Assert.That(beginnings, Is.EqualTo(new[] { "k", "data:A", "k", "" }));
    }

    [Test]
    public void Depth_is_bounded() => Assert.That(KeysByReader(new string('[', 1000), 1000), Is.Null);

    private static List<string>? KeysByReader(string text, int size)
    {
        var keys = new List<string>();
        var reader = new JsonPushReader((r, _) =>
        {
            if (r.IsKey)
            {
                keys.Add(r.Frames[^1].Key!);
            }
            return null;
        });
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < bytes.Length; i += size)
        {
            if (reader.Feed(bytes.AsSpan(i, Math.Min(size, bytes.Length - i))) is not null)
            {
                return null;
            }
        }
        return reader.IsComplete ? keys : null;
    }

    private static List<string>? KeysByFramework(string text)
    {
        var keys = new List<string>();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = 200 });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    keys.Add(reader.GetString()!);
                }
            }
            return keys;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
