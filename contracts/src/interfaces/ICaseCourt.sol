// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";

/// @notice Case number, counted from 1. 0 means "no case".
type CaseId is uint256;

/// @notice `Seeding → Voting → Ruled → Closed`. An appeal moves a case from `Ruled` back to `Seeding`, once.
enum Stage {
    None,
    Seeding,
    Voting,
    Ruled,
    Closed
}

/// @notice A juror's vote or a panel's ruling. Jurors cannot vote `Draw`.
enum Verdict {
    None,
    Accept,
    Reject,
    Draw
}

/// @notice One case. Times are in protocol time, amounts in units of the 6-decimal token.
/// @param opener Account that opened the case and paid `bond`.
/// @param accused Buyer of the copy when the case was opened.
/// @param hits Number of keys that the target answered as this copy would, according to the opener.
/// @param round 0, or 1 after an appeal.
/// @param verdict Latest ruling.
/// @param answered Whether the accused has answered.
/// @param until Last second of the current step: committing seeds while `Seeding`, appealing while `Ruled`.
/// @param appellant Account that appealed and paid `appealBond`.
/// @param unit An eighth of the case window at the opening. Revealing seeds takes 1 unit, committing votes 4, revealing
/// votes 2, appealing 1.
/// @param target Keccak-256 of the tested URL, or the artifact root of the tested files.
struct Case {
    CopyId copyId;
    address opener;
    uint32 hits;
    Stage stage;
    Verdict verdict;
    uint8 round;
    bool answered;
    address accused;
    uint64 until;
    address appellant;
    uint64 appealBond;
    uint64 bond;
    uint64 unit;
    bytes32 target;
}

/// @notice One panel of a case.
/// @param mix XOR of the hashes of all revealed numbers.
/// @param penalty Amount locked for each member of the panel.
/// @param commitUntil Last second for committing votes.
/// @param revealUntil Last second for revealing votes.
struct Round {
    bytes32 mix;
    uint64 penalty;
    uint64 commitUntil;
    uint64 revealUntil;
    uint8 accepts;
    uint8 rejects;
    address[] panel;
}

/// @title Cases: claims decided by a drawn panel of provers, by commit and reveal.
/// @notice A case covers an endpoint that signs nothing or a weight file found outside. The opener claims that a target
/// runs a copy's weights. The accused may answer. A panel tests the target with its own keys and votes in secret. Two
/// thirds of all seats accept, more than half reject, anything else is a draw. The losing side may appeal once, for
/// twice the bond, to a second panel of up to 15 jurors instead of 7.
/// @dev Money: an accepted case slashes the copy's collateral and returns the opener's bond. A rejected case sends half
/// of the opener's bond to the accused and burns the other half. A lost appeal sends half of its bond to the other side
/// and burns the other half. A draw returns every bond. Jurors who voted against the last ruling or did not vote pay a
/// penalty to those who voted for it.
///
/// Drawing: during `Seeding`, provers commit to numbers, then reveal them or lose a penalty. The first caller of `draw`
/// adds the block's prevrandao. The last prover to reveal does not know that block, and the block's proposer does not
/// choose the numbers. One honest number protects against either of them.
/// @dev Warning: the proposer of the drawing's block can reroll if it also withholds numbers. Each reroll costs the
/// penalties of the withheld numbers and a missed block.
interface ICaseCourt {
    /// @notice The case does not exist or is in another stage.
    error WrongStage(CaseId id, Stage stage, Stage needed);

    /// @notice A case about the same copy and target is open or was accepted.
    error OffenceTaken(bytes32 offence, CaseId by);

    /// @notice A case needs a target and at least one hit.
    error CaseIncomplete(bytes32 target, uint32 hits);

    /// @notice The copy has no buyer to accuse.
    error CopyUnknown(CopyId copyId);

    /// @notice An account cannot open a case against itself.
    error OpenerIsAccused(address opener);

    /// @notice Only the accused may answer.
    error NotAccused(address caller, address accused);

    /// @notice The accused has already answered.
    error AlreadyAnswered(CaseId id);

    /// @notice The time for this step is over. Times are seconds of protocol time.
    error CaseTooLate(uint64 time, uint64 until);

    /// @notice This step has not begun. Times are seconds of protocol time.
    error CaseTooEarly(uint64 time, uint64 notBefore);

    /// @notice The prover has already committed a number or a vote, or has revealed the vote.
    error AlreadyCommitted(CaseId id, address prover);

    /// @notice The revealed value does not match the commitment.
    error CommitmentMismatch(bytes32 revealed, bytes32 committed);

    /// @notice A commitment must not be zero.
    error CommitmentMissing();

    /// @notice Only members of the panel may vote.
    error NotOnPanel(CaseId id, address prover);

    /// @notice A vote must be to reject, or to accept with at least one hit.
    error VoteInvalid(Verdict vote, uint32 hits);

    /// @notice Only the losing side may appeal. After a draw, either side may.
    error NotLoser(address caller);

    /// @notice The ruling is final: the case was already appealed, or no panel could be drawn.
    error RulingFinal(CaseId id);

    /// @notice A case was opened, and its bond was paid.
    event Opened(
        CaseId indexed id,
        CopyId indexed copyId,
        address indexed opener,
        address accused,
        bytes32 target,
        uint32 hits,
        uint64 bond,
        uint64 until,
        string evidence
    );

    /// @notice The accused answered.
    event Answered(CaseId indexed id, string answer, uint64 until);

    /// @notice A prover committed to a number for the drawing.
    event SeedCommitted(CaseId indexed id, uint8 round, address indexed prover);

    /// @notice A prover revealed its number.
    event SeedRevealed(CaseId indexed id, uint8 round, address indexed prover, bytes32 number);

    /// @notice A prover withheld its number and lost its penalty.
    event SeedWithheld(CaseId indexed id, uint8 round, address indexed prover, uint64 penalty);

    /// @notice The panel was drawn.
    event Drawn(CaseId indexed id, uint8 round, address[] panel, uint64 commitUntil, uint64 revealUntil);

    /// @notice A juror committed to a vote.
    event VoteCommitted(CaseId indexed id, uint8 round, address indexed prover);

    /// @notice A juror revealed its vote.
    event VoteRevealed(CaseId indexed id, uint8 round, address indexed prover, Verdict vote, uint32 hits);

    /// @notice A panel ruled. `until` is the last second for an appeal, or 0 if none is possible.
    event Ruled(CaseId indexed id, uint8 round, Verdict verdict, uint8 accepts, uint8 rejects, uint64 until);

    /// @notice The ruling was appealed. The drawing of the second panel begins.
    event Appealed(CaseId indexed id, address indexed appellant, uint64 bond, uint64 until);

    /// @notice The case was closed. `slashed` was taken from the copy's collateral.
    event CaseClosed(CaseId indexed id, Verdict verdict, uint256 slashed);

    /// @notice The court paid an account what it owed.
    event Paid(address indexed account, uint256 amount);

    /// @notice Opens a case and pulls the bond from the caller. Reverts while the protocol is paused.
    /// @param evidence Location of the opener's evidence. It must not contain a key: a published key proves nothing.
    function open(CopyId copyId, bytes32 target, uint32 hits, string calldata evidence) external returns (CaseId id);

    /// @notice Records the accused's answer, once, while seeds are committed for the first panel. The step then lasts
    /// at least another quarter of the answer window, so that the answer can be read.
    function answer(CaseId id, string calldata text) external;

    /// @notice A listed prover commits to a number for the drawing and locks a penalty. The commitment is `seedHash`.
    function commitSeed(CaseId id, bytes32 commitment) external;

    /// @notice Reveals the number and unlocks the penalty. Possible for an eighth of the case window after the
    /// commitments.
    function revealSeed(CaseId id, bytes32 number) external;

    /// @notice Draws the panel after the reveals. Anyone may call this, and the first call is final. With fewer than 3
    /// jurors the earlier ruling stands; without an earlier ruling the case ends in a draw.
    function draw(CaseId id) external;

    /// @notice Takes the lock of a prover who withheld its number. Anyone may call this after the drawing.
    function punishSeed(CaseId id, uint8 round, address prover) external;

    /// @notice A juror commits to a vote, for half of the case window after the drawing. The commitment is `voteHash`.
    function commitVote(CaseId id, bytes32 commitment) external;

    /// @notice A juror reveals its vote, for a quarter of the case window after the commitments.
    function revealVote(CaseId id, Verdict vote, uint32 hits, bytes32 salt) external;

    /// @notice Counts the votes after the reveals. Anyone may call this.
    function rule(CaseId id) external;

    /// @notice The losing side requests a second panel, for an eighth of the case window. Pulls twice the bond.
    function appeal(CaseId id) external;

    /// @notice Closes a case that can no longer be appealed: slashes, pays bonds and settles the panels. Anyone may
    /// call this.
    function close(CaseId id) external;

    /// @notice Pays an account what the court owes it. Anyone may call this; the money goes to the account.
    function claim(address account) external returns (uint256 amount);

    /// @notice One case, or all zeros if it does not exist.
    function cases(CaseId id) external view returns (Case memory);

    /// @notice One panel of a case.
    function rounds(CaseId id, uint8 round) external view returns (Round memory);

    /// @notice Number of cases. They are numbered from 1 to this.
    function totalCases() external view returns (uint256);

    /// @notice Amount that `claim` would pay.
    function owed(address account) external view returns (uint256);

    /// @notice Identifier of an offence: one copy at one target.
    function offenceOf(CopyId copyId, bytes32 target) external view returns (bytes32);

    /// @notice Latest case about an offence.
    function caseOf(bytes32 offence) external view returns (CaseId);

    /// @notice Commitment to a number, valid for this chain, court, case, round and prover only.
    function seedHash(CaseId id, uint8 round, address prover, bytes32 number) external view returns (bytes32);

    /// @notice Commitment to a vote, valid for this chain, court, case, round and prover only.
    function voteHash(CaseId id, uint8 round, address prover, Verdict vote, uint32 hits, bytes32 salt)
        external
        view
        returns (bytes32);
}
