using Bottle.Contracts.Routes;
using FsCheck;
using FsCheck.Fluent;

namespace Bottle.Contracts.Tests.Routes;

[Parallelizable(ParallelScope.All)]
public sealed class CanonicalPathTests
{
    [TestCase("/", "/")]
    [TestCase("/v1/messages", "/v1/messages")]
    [TestCase("/%76%31/x", "/v1/x")]
    [TestCase("/a%7eb", "/a~b")]
    [TestCase("/@scope%2fname", "/@scope%2Fname")]
    [TestCase("/a|b[1]", "/a%7Cb%5B1%5D")]
    [TestCase("/caf%c3%a9", "/caf%C3%A9")]
    [TestCase("/a;x=1/b", "/a;x=1/b")]
    [TestCase("/trailing/", "/trailing/")]
    public void A_path_has_one_form(string raw, string expected)
    {
        Assert.That(CanonicalPath.TryParse(raw, out var path, out var problem), Is.True, problem);
        Assert.That((path.Text, path.Ambiguity), Is.EqualTo((expected, (string?)null)));
    }

    [TestCase("/v1/../secret")]
    [TestCase("/v1/./x")]
    [TestCase("/v1/%2e%2e/secret")]
    [TestCase("/v1/%2E./secret")]
    [TestCase("/v1/..%2fsecret")]
    [TestCase("/v1/..;/secret")]
    [TestCase("/v1/..%3b/secret")]
    [TestCase("/v1/..;x=1/secret")]
    [TestCase("/v1//secret")]
    [TestCase("//v1/secret")]
    [TestCase("/v1/;/secret")]
    [TestCase("/v1/%2f/secret")]
    [TestCase("/v1/..")]
    [TestCase("/v1/%252e%252e/secret")]
    [TestCase("/v1/..%5csecret")]
    [TestCase("/v1/%c0%ae%c0%ae/secret")]
    [TestCase("/v1/%e0%80%ae/secret")]
    [TestCase("/v1/%c3/x")]
    [TestCase("/v1/%c3")]
    [TestCase("/v1/%ed%a0%80/x")]
    [TestCase("/v1/%ef%bc%8e%ef%bc%8e/x")]
    [TestCase("/v1/%ef%bc%8fx")]
    [TestCase("/v1/%f5%80%80%80")]
    [TestCase("/v1/%80")]
    public void A_path_that_servers_could_read_differently_is_marked_and_never_matches(string raw)
    {
        Assert.That(CanonicalPath.TryParse(raw, out var path, out var problem), Is.True, problem);
        Assert.That(path.Ambiguity, Is.Not.Null);
        Assert.That(PathPattern.TryParse("/*", out var all, out _), Is.True);
        Assert.That(all!.Matches(path), Is.False);
    }

    [TestCase("")]
    [TestCase("v1")]
    [TestCase("*")]
    [TestCase("/a b")]
    [TestCase("/a\tb")]
    [TestCase("/a\0b")]
    [TestCase("/a%00b")]
    [TestCase("/a%0d%0ab")]
    [TestCase("/a%7f")]
    [TestCase("/a\\b")]
    [TestCase("/a#b")]
    [TestCase("/é")]
    [TestCase("/a%")]
    [TestCase("/a%2")]
    [TestCase("/a%zz")]
    public void A_path_that_no_server_should_get_is_refused(string raw)
    {
        Assert.That(CanonicalPath.TryParse(raw, out _, out var problem), Is.False);
        Assert.That(problem, Is.Not.Empty);
    }

    [Test]
    public void What_is_forwarded_is_what_was_matched_whoever_decodes_it()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20_000), Prop.ForAll(HostilePaths(), raw =>
        {
            if (!CanonicalPath.TryParse(raw, out var path, out _))
            {
                return true;
            }
            // Reading the forwarded text again changes nothing.
            if (!CanonicalPath.TryParse(path.Text, out var again, out _) || again.Text != path.Text || (path.Ambiguity is null) != (again.Ambiguity is null))
            {
                return false;
            }
            PathPattern.TryParse("/ok/*", out var pattern, out _);
            return !pattern!.Matches(path) || NaiveReadings(path.Text).All(reading => reading.StartsWith("/ok/", StringComparison.Ordinal));
        }));
    }

    /// <summary>What careless servers make of a path: decoded once or twice, backslashes folded, parameters dropped, slashes merged, dots resolved.</summary>
    private static IEnumerable<string> NaiveReadings(string path)
    {
        var once = Uri.UnescapeDataString(path);
        foreach (var text in new[] { path, once, Uri.UnescapeDataString(once), path.Replace("%2F", "/", StringComparison.Ordinal) })
        {
            yield return Resolve(text);
            yield return Resolve(text.Replace('\\', '/'));
            yield return Resolve(string.Join('/', text.Split('/').Select(s => s.Split(';')[0])));
        }
    }

    private static string Resolve(string path)
    {
        var stack = new List<string>();
        foreach (var segment in path.Split('/').Skip(1))
        {
            if (segment == ".." && stack.Count > 0)
            {
                stack.RemoveAt(stack.Count - 1);
            }
            else if (segment is not (".." or "." or ""))
            {
                stack.Add(segment);
            }
        }
        return "/" + string.Join('/', stack) + (path.EndsWith('/') || stack.Count == 1 ? "/" : "");
    }

    private static Arbitrary<string> HostilePaths()
    {
        var piece = Gen.Elements("ok", "secret", "/", "/", "..", ".", "%2e", "%2E", "%2f", "%5c", "%25", "%252e", "%252f", ";", "%3b", "a", "%c0%ae", "%00", "\\", "%ef%bc%8e", "//", "%6f%6b", "%", "?");
        return Gen.Select(Gen.ArrayOf(piece), parts => "/ok/" + string.Concat(parts)).ToArbitrary();
    }
}
