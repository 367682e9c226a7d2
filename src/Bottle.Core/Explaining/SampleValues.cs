using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Explaining;

/// <summary>Invented values for the catalogue's factory methods, so that each can show a message as it comes out.</summary>
internal static class SampleValues
{
    private const int DeepestValue = 6;

    /// <summary>Calls a static method with invented arguments; null when that cannot be done.</summary>
    public static object? Invoke(MethodInfo method)
    {
        try
        {
            return method.Invoke(null, [.. method.GetParameters().Select(parameter => Of(parameter.ParameterType, new Place(method.Name, parameter.Name!), 0))]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static object? Of(Type type, Place place, int depth) => true switch
    {
        _ when type == typeof(string) => SampleTexts.Find(place.Method, place.Name)?[0] ?? place.Name,
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) => SampleTexts.Find(place.Method, place.Name) is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 3,
        _ when type == typeof(long) => 52_428_800L,
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(30),
        _ when type == typeof(SourceSpan) => new SourceSpan("bottles/dev.md", 7, 5),
        _ when type == typeof(Diagnostic) => new Diagnostic { Code = "BTL0000", Message = "'docker compose up --wait' ended with exit code 1", Why = "its last lines", Fix = "mend what they say, and start again" },
        _ when type == typeof(Exception) => new InvalidOperationException("something that nobody expected"),
        _ when Nullable.GetUnderlyingType(type) is { } inner => Of(inner, place, depth),
        _ when type.IsValueType && type.Namespace == nameof(System) => Activator.CreateInstance(type),
        _ when type.IsEnum => type.GetEnumValues().GetValue(0),
        _ when ItemOf(type) is { } item => List(item, place, depth),
        _ when type.IsInterface || depth > DeepestValue => null,
        _ when type.IsAbstract => type.GetNestedTypes().FirstOrDefault(nested => nested.IsAssignableTo(type)) is { } first ? Of(first, place, depth + 1) : null,
        _ => Record(type, place, depth + 1),
    };

    private static Type? ItemOf(Type type) =>
        type.IsArray ? type.GetElementType() : type is { IsInterface: true, IsGenericType: true } && type.GetGenericArguments() is [var item] && item.MakeArrayType().IsAssignableTo(type) ? item : null;

    private static Array List(Type item, Place place, int depth)
    {
        if (item == typeof(string))
            return (SampleTexts.Find(place.Method, place.Name) ?? SampleTexts.Find(place.Method, Singular(place.Name)) ?? [place.Name]).ToArray();
        var list = Array.CreateInstance(item, 1);
        list.SetValue(Of(item, place with { Name = Singular(place.Name) }, depth + 1), 0);
        return list;
    }

    // hosts: api.example.com
    private static string Singular(string name) => name.EndsWith('s') ? name[..^1] : name;

    private static object Record(Type type, Place place, int depth)
    {
        // A value with its place (Located) is named as what it stands for.
        Place Member(string name) => type.IsGenericType ? place : new Place(null, name);
        // Records with required members have no constructor of use here; their members are set all the same.
        var constructor = type.GetConstructors().OrderByDescending(candidate => candidate.GetParameters().Length).FirstOrDefault();
        var made = constructor is null ? RuntimeHelpers.GetUninitializedObject(type)
            : constructor.Invoke([.. constructor.GetParameters().Select(parameter => Of(parameter.ParameterType, Member(parameter.Name!), depth))]);
        foreach (var property in type.GetProperties().Where(property => property is { CanWrite: true } && property.GetIndexParameters().Length == 0 && property.GetValue(made) is null or ICollection { Count: 0 }))
            if (property.PropertyType != type)
                property.SetValue(made, Of(property.PropertyType, Member(property.Name), depth));
        return made;
    }

    // Whose value is invented: a parameter of a factory method, or a member of a record, which belongs to no method.
    private sealed record Place(string? Method, string Name);
}
