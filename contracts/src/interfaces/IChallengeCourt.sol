// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Receipt, Report } from "../lib/Receipts.sol";
import { SumNode } from "../lib/SumTree.sol";
import { CopyId } from "../lib/Types.sol";

/// @notice `Open → Answered` or `Open → Convicted`.
enum ChallengeState {
    None,
    Open,
    Answered,
    Convicted
}

/// @notice A challenge that the accused may answer.
/// @param openedAt Opening time, in protocol time.
/// @param window Answer window at the opening, in seconds.
/// @param units Units of the receipt that is claimed to be missing.
/// @param receiptHash Hash of that receipt.
struct Challenge {
    address challenger;
    uint40 openedAt;
    uint32 window;
    ChallengeState state;
    uint96 bond;
    uint64 units;
    CopyId copyId;
    bytes32 receiptHash;
}

/// @title Challenges: offences that the contract can verify itself, from signatures and Merkle proofs.
/// @notice There are three challenges. *Unreported* and *two faces* convict at once, from receipts alone. *Missing*
/// convicts unless it is answered in time. An offence is identified by copy, epoch and index, so each offence is
/// punished once. A conviction takes all of the remaining collateral.
///
/// The answer window is a parameter of the protocol. Each further challenge of the same copy extends it to one window
/// after the latest challenge, and to at most twice its length, so that nobody can be flooded in the last minute.
/// @dev Warning: anyone who holds a receipt can use it. A challenger who sends one through the public mempool can be
/// front-run and lose the reward.
interface IChallengeCourt {
    /// @notice The epoch may still be reported.
    error EpochOpen(uint64 epoch, uint64 time, uint64 deadline);

    /// @notice The report is not the one filed for the epoch.
    error ReportUnknown(CopyId id, uint64 epoch);

    /// @notice The report covers this index. The receipt may be missing, but is not unreported.
    error IndexReported(uint64 index, uint64 count);

    /// @notice The report does not cover this index. The receipt is unreported, not missing.
    error IndexUnreported(uint64 index, uint64 count);

    /// @notice The two receipts are the same.
    error SameReceipt(bytes32 receiptHash);

    /// @notice The receipts belong to different copies, epochs or indexes.
    error ReceiptsUnrelated();

    /// @notice This offence was already challenged.
    error ChallengedBefore(bytes32 offence, ChallengeState state);

    /// @notice The challenge does not exist or is not open.
    error ChallengeNotOpen(bytes32 offence, ChallengeState state);

    /// @notice The answer window is over.
    error AnswerLate(uint64 time, uint64 deadline);

    /// @notice The accused may still answer.
    error AnswerPending(uint64 time, uint64 deadline);

    /// @notice The proof does not show this leaf at this index, with its units.
    error ProofInvalid(uint64 index, uint64 count);

    /// @notice A challenge was opened and can be answered.
    event Challenged(
        bytes32 indexed offence,
        CopyId indexed copyId,
        address indexed challenger,
        uint64 epoch,
        uint64 index,
        bytes32 receiptHash,
        uint256 bond
    );

    /// @notice The challenge was answered. Its bond goes to the host.
    event Answered(bytes32 indexed offence, CopyId indexed copyId);

    /// @notice The offence was proven, and `taken` was slashed.
    event Convicted(bytes32 indexed offence, CopyId indexed copyId, address indexed challenger, uint256 taken);

    /// @notice *Unreported*: proves a receipt of a closed epoch at an index that its report does not cover.
    /// @param filed Report of the epoch; its count is 0 if none was filed.
    function unreported(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (uint256 taken);

    /// @notice *Two faces*: proves two different receipts with the same copy, epoch and index.
    function twoFaces(
        Receipt calldata one,
        bytes calldata oneSignature,
        Receipt calldata other,
        bytes calldata otherSignature
    ) external returns (uint256 taken);

    /// @notice *Missing*: claims that the report does not contain this receipt at its index. Pulls the bond.
    function missing(Receipt calldata receipt, bytes calldata signature, Report calldata filed)
        external
        returns (bytes32 offence);

    /// @notice Proves that the receipt is at its index, with its units. The bond goes to the host. Anyone may call this.
    function answer(Report calldata filed, uint64 index, SumNode[] calldata siblings) external;

    /// @notice Slashes after an unanswered challenge and returns the bond. Anyone may call this.
    function convict(bytes32 offence) external returns (uint256 taken);

    /// @notice One challenge, or all zeros if it does not exist.
    function challenges(bytes32 offence) external view returns (Challenge memory);

    /// @notice Last second to answer, in protocol time. Later challenges of the copy can extend it.
    function answerDeadline(bytes32 offence) external view returns (uint64);

    /// @notice Identifier of an offence that receipts prove.
    function offenceOf(CopyId id, uint64 epoch, uint64 index) external pure returns (bytes32);
}
