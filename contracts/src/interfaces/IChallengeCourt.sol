// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Receipt, Report } from "../lib/Receipts.sol";
import { CopyId, ModelId } from "../lib/Types.sol";

/// @notice `Open → Answered` or `Open → Convicted`.
enum ChallengeState {
    None,
    Open,
    Answered,
    Convicted
}

/// @notice A challenge that the accused may answer.
/// @param openedAt In protocol time.
/// @param window Seconds to answer, as they were at the opening.
/// @param receiptHash The receipt that is said to be missing; 0 for somebody else's.
struct Challenge {
    address challenger;
    uint40 openedAt;
    uint32 window;
    ChallengeState state;
    uint96 bond;
    CopyId copyId;
    bytes32 receiptHash;
}

/// @notice One answer that shows one leaf of a copy's `fingerprintRoot`.
/// @param promptSalt With `keyHash`, what the receipt's prompt hash is of.
/// @param answerHash With `firstHash`, what the receipt's response hash is of.
/// @param keyHash keccak256 of the key's token ids.
/// @param firstHash keccak256 of the id of the response.
/// @param salt The leaf's.
struct Opening {
    bytes32 promptSalt;
    bytes32 answerHash;
    bytes32 keyHash;
    bytes32 firstHash;
    bytes32 salt;
    bytes32[] siblings;
}

/// @title What a contract can settle by itself, from signatures and Merkle proofs.
/// @notice Four challenges. *Unreported* and *two faces* are decided at once: the receipts alone convict. *Missing* and
/// *somebody else's* are answered in time, or convict. An offence is keyed by copy, epoch and index, whatever the
/// challenge: it is punished once, and the next one again. A conviction takes all that is left of the collateral.
///
/// The answer window is the protocol's. While more challenges of the same copy come in, so that nobody can be buried in
/// the last minute, it lasts one window from the latest of them; but never more than twice as long.
/// @dev Warning: receipts are evidence for whoever holds them. Who sends one in the open may find that somebody faster is
/// the reporter.
interface IChallengeCourt {
    /// @notice The epoch may still be reported.
    error EpochOpen(uint64 epoch, uint64 time, uint64 deadline);

    /// @notice This is not the report that was filed for the epoch.
    error ReportUnknown(CopyId id, uint64 epoch);

    /// @notice The receipt is within the report: it may be missing, but not unreported.
    error IndexReported(uint64 index, uint64 count);

    /// @notice The receipt is beyond the report: it is unreported, not missing.
    error IndexUnreported(uint64 index, uint64 count);

    /// @notice Both receipts are the same.
    error SameReceipt(bytes32 receiptHash);

    /// @notice The receipts are of different copies, epochs or indexes.
    error ReceiptsUnrelated();

    /// @notice This offence was challenged before.
    error ChallengedBefore(bytes32 offence, ChallengeState state);

    /// @notice No such challenge is open.
    error ChallengeNotOpen(bytes32 offence, ChallengeState state);

    /// @notice Time to answer is over.
    error AnswerLate(uint64 time, uint64 deadline);

    /// @notice The accused may still answer.
    error AnswerPending(uint64 time, uint64 deadline);

    /// @notice The proof does not show this leaf at this index.
    error ProofInvalid(uint64 index, uint64 count);

    /// @notice Somebody else's answers take this many leaves, one after the other.
    error LeavesNeeded(uint256 leaves, uint256 needed);

    /// @notice Two copies of one model share keys: which of them answers is for a case to decide.
    error SameModel(ModelId id);

    /// @notice The receipt's answer does not show this leaf.
    error OpeningInvalid(uint256 leaf);

    /// @notice The line of descent does not lead from the accused's model to the other one.
    error PathInvalid(ModelId from, ModelId to);

    /// @notice A challenge waits for an answer.
    event Challenged(
        bytes32 indexed offence,
        CopyId indexed copyId,
        address indexed challenger,
        uint64 epoch,
        uint64 index,
        bytes32 receiptHash,
        uint256 bond
    );

    /// @notice Somebody else's copy was recognised behind a host's receipts.
    event Recognised(bytes32 indexed offence, CopyId indexed copyId, CopyId indexed other, uint64 first);

    /// @notice The challenge was answered; its bond is the host's.
    event Answered(bytes32 indexed offence, CopyId indexed copyId);

    /// @notice The offence is proven, and `taken` was slashed.
    event Convicted(bytes32 indexed offence, CopyId indexed copyId, address indexed challenger, uint256 taken);

    /// @notice *Unreported*: a receipt of a closed epoch at an index that its report does not reach.
    /// @param filed The epoch's report; with count 0 where there is none.
    function unreported(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (uint256 taken);

    /// @notice *Two faces*: two different receipts with one copy, epoch and index.
    function twoFaces(
        Receipt calldata one,
        bytes calldata oneSignature,
        Receipt calldata other,
        bytes calldata otherSignature
    ) external returns (uint256 taken);

    /// @notice *Missing*: says that a receipt is not where the report has its index. Pulls the bond.
    function missing(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (bytes32 offence);

    /// @notice Shows the receipt at its index. The bond is the host's. Anyone may.
    function answer(Report calldata filed, uint64 index, bytes32[] calldata siblings) external;

    /// @notice *Somebody else's*: the answers of one host, in receipts of their own, show `leaves` leaves in a row of
    /// another model's copy. Pulls the bond, and burns the keys for ever.
    /// @param other The copy that answers.
    /// @param first Index of the first leaf.
    /// @param count Leaves of that copy's `fingerprintRoot`.
    function somebodyElses(
        Receipt[] calldata receipts,
        bytes[] calldata signatures,
        Opening[] calldata openings,
        CopyId other,
        uint64 first,
        uint64 count
    ) external returns (bytes32 offence);

    /// @notice Shows that the accused's model descends from the other one, whose fingerprints it may have inherited. The
    /// bond is the host's. Anyone may.
    /// @param path From the accused's model, a parent at each step, to the other copy's model.
    function answerByDescent(CopyId accused, CopyId other, uint64 first, ModelId[] calldata path) external;

    /// @notice Nobody answered in time: slashes, and gives the bond back. Anyone may.
    function convict(bytes32 offence) external returns (uint256 taken);

    /// @notice One challenge; all zeros where there is none.
    function challenges(bytes32 offence) external view returns (Challenge memory);

    /// @notice The last second to answer, in protocol time. Later challenges of the copy may move it.
    function answerDeadline(bytes32 offence) external view returns (uint64);

    /// @notice The key of what a receipt can prove.
    function offenceOf(CopyId id, uint64 epoch, uint64 index) external pure returns (bytes32);

    /// @notice The key of having served somebody else's copy.
    function foreignOffenceOf(CopyId accused, CopyId other, uint64 first) external pure returns (bytes32);

    /// @notice How many leaves in a row show somebody else's copy.
    function leaves() external view returns (uint256);
}
