using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Formation.KeyedOrderProducer;

/// <summary>
/// Met de côté les messages abandonnés, sans jamais ralentir le producer principal :
/// 1. <see cref="Add"/> les range dans une file bornée et rend la main ;
/// 2. une tâche de fond les écrit dans la DLQ, avec son propre producer ;
/// 3. si la DLQ est injoignable, elle les écrit dans un fichier local, une ligne JSON chacun.
/// </summary>
public sealed class DeadLetterQueue : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Temps pendant lequel on se passe d'une DLQ qui vient d'échouer.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly Channel<DeadLetter> pending = Channel.CreateBounded<DeadLetter>(
        new BoundedChannelOptions(10_000) { SingleReader = true });

    private readonly IProducer<string, string> producer;
    private readonly ProducerSettings settings;
    private readonly ILogger logger;
    private readonly Task worker;
    private DateTimeOffset fileUntil = DateTimeOffset.MinValue;

    /// <summary>Démarre la tâche de fond.</summary>
    /// <param name="producer">Producer réservé à la DLQ ; libéré avec cet objet.</param>
    /// <param name="settings">Topic de DLQ et fichier de repli.</param>
    /// <param name="logger">Destination des alertes.</param>
    public DeadLetterQueue(IProducer<string, string> producer, ProducerSettings settings, ILogger logger)
    {
        this.producer = producer;
        this.settings = settings;
        this.logger = logger;
        worker = Task.Run(DrainAsync);
    }

    // <add>
    /// <summary>Prend en charge un message abandonné, sans jamais bloquer l'appelant.</summary>
    public void Add(DeadLetter letter)
    {
        if (!pending.Writer.TryWrite(letter))
        {
            // Saturée, elle ne fait toujours pas attendre : le message n'est plus que dans les logs.
            logger.LogCritical(
                "File de DLQ pleine ({Code}). Message perdu pour Kafka : {Key} {Value}",
                letter.Error.Code,
                letter.Original.Key,
                letter.Original.Value);
        }
    }
    // </add>

    /// <summary>Attend que tout ce qui a été confié soit écrit quelque part, puis libère le producer.</summary>
    public async ValueTask DisposeAsync()
    {
        pending.Writer.Complete();
        await worker;
        producer.Dispose();
    }

    // <drain>
    private async Task DrainAsync()
    {
        await foreach (DeadLetter letter in pending.Reader.ReadAllAsync())
        {
            if (DateTimeOffset.UtcNow < fileUntil || !await TryProduceAsync(letter))
            {
                await AppendToFileAsync(letter);
            }
        }
    }

    private async Task<bool> TryProduceAsync(DeadLetter letter)
    {
        try
        {
            DeliveryResult<string, string> result = await producer.ProduceAsync(
                settings.DeadLetterTopic, letter.ToMessage());
            logger.LogError(
                "Mis en DLQ : {Key}, {Code}, {Position}",
                letter.Original.Key,
                letter.Error.Code,
                result.TopicPartitionOffset);
            return true;
        }
        catch (ProduceException<string, string> error)
        {
            logger.LogError(
                "DLQ refusée ({Code}) : repli sur {File}", error.Error.Code, settings.DeadLetterFile);
            if (FailureKinds.Classify(error.Error) != FailureKind.Message)
            {
                // Le cluster ne répond pas : ne pas faire attendre les messages suivants.
                fileUntil = DateTimeOffset.UtcNow + Pause;
            }

            return false;
        }
    }
    // </drain>

    // <file>
    private async Task AppendToFileAsync(DeadLetter letter)
    {
        string line = JsonSerializer.Serialize(
            new
            {
                letter.Topic,
                letter.Original.Key,
                letter.Original.Value,
                CorrelationId = CorrelationId(letter.Original.Headers),
                letter.FailedAt,
                ErrorCode = letter.Error.Code.ToString(),
                letter.Error.Reason,
                letter.Attempts,
            },
            Json);

        try
        {
            await File.AppendAllTextAsync(settings.DeadLetterFile, line + Environment.NewLine);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Dernier recours : le message entier part dans les logs, d'où l'on pourra encore le rejouer.
            logger.LogCritical(error, "Fichier de repli inutilisable. Message perdu pour Kafka : {Letter}", line);
        }
    }
    // </file>

    private static string? CorrelationId(Headers headers) =>
        headers.TryGetLastBytes("correlation-id", out byte[] bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
