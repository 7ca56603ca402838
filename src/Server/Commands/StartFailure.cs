using System.Data.Common;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Madang.Kernel;
using Microsoft.Extensions.Options;

namespace Madang.Server.Commands;

/// <summary>Says in a line or two why the server cannot start, for what an operator can mend; a bug keeps its stack trace.</summary>
internal static partial class StartFailure
{
    /// <summary>One line a reason, each beginning with the option that is wrong; none when this is a bug.</summary>
    public static IReadOnlyList<string> Explain(Exception exception) => exception switch
    {
        OptionsValidationException invalid => [.. invalid.Failures.SelectMany(failure => Failures(invalid.OptionsType, failure))],
        AggregateException several => [.. several.InnerExceptions.SelectMany(Explain)],
        InvalidOperationException when ConversionFailure().Match(exception.Message) is { Success: true } match =>
            [$"{match.Groups["key"].Value}: '{match.Groups["value"].Value}' is not {Kind(match.Groups["type"].Value)}"],
        InvalidInputException or CityRuleException => [exception.Message],
        UnavailableException { Code: "storage-unreachable" } => [$"Storage:Postgres: the database cannot be reached: {exception.InnerException?.Message ?? exception.Message}"],
        UnavailableException => [$"Storage:Data: {exception.Message} {exception.InnerException?.Message}"],
        DbException => [$"Storage: the database refuses: {exception.Message}"],
        IOException when exception.Message.StartsWith("Failed to bind to address", StringComparison.Ordinal) =>
            [$"--urls: {exception.Message} Another program listens there; choose another port, such as --urls http://127.0.0.1:8081"],
        SocketException => [$"--urls: cannot listen there: {exception.Message}"],
        FormatException when exception.Message.StartsWith("Invalid url", StringComparison.OrdinalIgnoreCase) => [$"--urls: {exception.Message}"],
        ArgumentOutOfRangeException { ParamName: "port" } => ["--urls: a port is a number from 0 to 65535"],
        InvalidOperationException when exception.StackTrace?.Contains("AddressBinder", StringComparison.Ordinal) == true => [$"--urls: {exception.Message}"],
        InvalidDataException when exception.Message.StartsWith("Failed to load configuration", StringComparison.Ordinal) => [$"{exception.Message} {exception.GetBaseException().Message}"],
        _ => [],
    };

    /// <summary>"… for 'StorageOptions' members: 'QueryLimitSeconds' with the error: '…'." becomes "Storage:QueryLimitSeconds: …".</summary>
    private static IEnumerable<string> Failures(Type options, string failure)
    {
        var section = options.Name.EndsWith("Options", StringComparison.Ordinal) ? options.Name[..^"Options".Length] : options.Name;
        var match = AnnotationFailure().Match(failure);
        return [match.Success ? $"{section}:{match.Groups["member"].Value}: {match.Groups["error"].Value}" : $"{section}: {failure}"];
    }

    private static string Kind(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Double" or "System.Decimal" => "a number",
        "System.Boolean" => "true or false",
        "System.Uri" => "an address",
        "System.TimeSpan" => "a time span",
        _ => $"a value of {type}",
    };

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']+)' to type '(?<type>[^']+)'")]
    private static partial Regex ConversionFailure();

    [GeneratedRegex("members: '(?<member>[^']+)' with the error: '(?<error>.*)'\\.$", RegexOptions.Singleline)]
    private static partial Regex AnnotationFailure();
}
