using System.Text.Json;
using Madang.Kernel;
using Madang.Storage;

namespace Madang.Trust;

/// <summary>What a module holds of a person, and how it lets go of it.</summary>
[Plug("Each module that holds data about people exports and erases its own.")]
public interface IPersonalData
{
    /// <summary>The name of the module's part of the export.</summary>
    string Part { get; }

    /// <summary>Writes one JSON value with all that the module holds of a person; no secrets. What is long is flushed on the way.</summary>
    Task Export(Utf8JsonWriter json, string person, CancellationToken cancel);

    /// <summary>Destroys what the module holds of a person, in the transaction in which every module does.</summary>
    Task Forget(WriteScope scope, string person);
}
