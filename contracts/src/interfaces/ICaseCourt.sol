// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId } from "../lib/Types.sol";

/// @notice Number of a case, from 1. 0 stands for "no case".
type CaseId is uint256;

/// @notice `Seeding → Voting → Ruled → Closed`; an appeal leads from `Ruled` back to `Seeding`, once.
enum Stage {
    None,
    Seeding,
    Voting,
    Ruled,
    Closed
}

/// @notice What a juror votes and a panel rules. Nobody votes `Draw`.
enum Verdict {
    None,
    Accept,
    Reject,
    Draw
}

/// @notice One case. Times are protocol time, money is in units of the 6-decimal token.
/// @param opener Who opened it and put up `bond`.
/// @param accused The copy's buyer when it was opened.
/// @param hits How many keys the opener says the target answered as this copy would.
/// @param round 0 at first, 1 after an appeal.
/// @param verdict The latest ruling.
/// @param answered Whether the accused has answered.
/// @param until The last second of the present step: committing seeds while `Seeding`, appealing while `Ruled`.
/// @param appellant Who appealed and put up `appealBond`.
/// @param unit An eighth of the case window at the opening: 1 reveals seeds, 4 commit votes, 2 reveal them, 1 appeals.
/// @param target Keccak-256 of the URL that was asked, or the artifact root that was run.
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
/// @param mix All revealed seeds together.
/// @param penalty What each of the panel has locked.
/// @param commitUntil Last second at which votes may be committed.
/// @param revealUntil Last second at which votes may be revealed.
struct Round {
    bytes32 mix;
    uint64 penalty;
    uint64 commitUntil;
    uint64 revealUntil;
    uint8 accepts;
    uint8 rejects;
    address[] panel;
}

/// @title Cases: claims that drawn provers decide by commit and reveal.
/// @notice For endpoints that sign nothing and for weight files found outside: the opener says that a target runs a
/// copy's weights, the accused may answer, a panel tests the target with keys of its own and votes unseen. Two thirds
/// of all seats accept, more than half reject, anything else is a draw. The loser may appeal once, for twice the bond,
/// to a panel of twice the size.
/// @dev The money: an accepted case slashes the copy's collateral and returns the opener's bond; a rejected opener's
/// bond goes half to the accused, half is burned, and so does a lost appeal's bond to the other side; a draw returns
/// every bond. Jurors against the last ruling and silent ones lose a penalty to those who voted for it.
///
/// The drawing: during `Seeding` provers commit to numbers, then reveal them or lose a penalty, and whoever draws first
/// adds the block's prevrandao. Who reveals last does not know the block; who makes the block does not choose the
/// numbers; one honest number is enough against either of them.
/// @dev Warning: who makes the block of the drawing, and withholds numbers besides, may reroll at the price of the
/// withheld numbers' penalties and a missed block.
interface ICaseCourt {
    /// @notice There is no such case, or it is in another stage.
    error WrongStage(CaseId id, Stage stage, Stage needed);

    /// @notice The same target is on trial for the same copy, or was already paid for.
    error OffenceTaken(bytes32 offence, CaseId by);

    /// @notice A case needs a target and at least one hit.
    error CaseIncomplete(bytes32 target, uint32 hits);

    /// @notice The copy has no buyer to accuse.
    error CopyUnknown(CopyId copyId);

    /// @notice One cannot accuse oneself.
    error OpenerIsAccused(address opener);

    /// @notice Only the accused may answer, and only once.
    error NotAccused(address caller, address accused);

    /// @notice The accused has answered already.
    error AlreadyAnswered(CaseId id);

    /// @notice The time for this is over. Seconds of protocol time.
    error CaseTooLate(uint64 time, uint64 until);

    /// @notice It is not time for this yet. Seconds of protocol time.
    error CaseTooEarly(uint64 time, uint64 notBefore);

    /// @notice A number or a vote was committed already.
    error AlreadyCommitted(CaseId id, address prover);

    /// @notice What is revealed is not what was committed.
    error CommitmentMismatch(bytes32 revealed, bytes32 committed);

    /// @notice An empty commitment would count as none.
    error CommitmentMissing();

    /// @notice Only a drawn prover votes.
    error NotOnPanel(CaseId id, address prover);

    /// @notice One votes to accept with at least one hit, or to reject.
    error VoteInvalid(Verdict vote, uint32 hits);

    /// @notice Only the side that lost may appeal; after a draw, either.
    error NotLoser(address caller);

    /// @notice The case was appealed once already, or could not be decided: the ruling is final.
    error RulingFinal(CaseId id);

    /// @notice A case began. The bond is in the contract.
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

    /// @notice A panel ruled. `until` is the last second of an appeal; 0 where none is possible.
    event Ruled(CaseId indexed id, uint8 round, Verdict verdict, uint8 accepts, uint8 rejects, uint64 until);

    /// @notice The ruling was appealed; the drawing of the second panel begins.
    event Appealed(CaseId indexed id, address indexed appellant, uint64 bond, uint64 until);

    /// @notice The case is over. `slashed` was taken from the copy's collateral.
    event CaseClosed(CaseId indexed id, Verdict verdict, uint256 slashed);

    /// @notice An account was paid what the court owed it.
    event Paid(address indexed account, uint256 amount);

    /// @notice Opens a case: pulls the bond from the caller. New business: not while paused.
    /// @param evidence Where the opener's evidence lies. Never a key: a key that was shown proves nothing any more.
    function open(CopyId copyId, bytes32 target, uint32 hits, string calldata evidence) external returns (CaseId id);

    /// @notice The accused answers, once, while seeds are committed the first time. The step then ends no sooner than a
    /// quarter of the answer window later, so that no answer comes too late to be read.
    function answer(CaseId id, string calldata text) external;

    /// @notice A listed prover commits to a number for the drawing and locks a penalty: `seedHash` of it.
    function commitSeed(CaseId id, bytes32 commitment) external;

    /// @notice After the commitments, for an eighth of the case window: reveals the number and frees the lock.
    function revealSeed(CaseId id, bytes32 number) external;

    /// @notice Draws the panel, from the end of the reveals on. Anyone may; the first fixes it for good. With fewer than
    /// 3 jurors the earlier ruling stands, and where there is none the case ends in a draw.
    function draw(CaseId id) external;

    /// @notice After the drawing anyone may take the lock of a prover who withheld its number.
    function punishSeed(CaseId id, uint8 round, address prover) external;

    /// @notice A juror commits to a vote: `voteHash` of it. For half of the case window after the drawing.
    function commitVote(CaseId id, bytes32 commitment) external;

    /// @notice A juror reveals its vote, for a quarter of the case window after the commitments.
    function revealVote(CaseId id, Verdict vote, uint32 hits, bytes32 salt) external;

    /// @notice Counts the votes, from the end of the reveals on. Anyone may.
    function rule(CaseId id) external;

    /// @notice The loser asks for a second panel, for an eighth of the case window: pulls twice the bond.
    function appeal(CaseId id) external;

    /// @notice Ends a case whose ruling can no longer be appealed: slashes, pays bonds and settles the panels. Anyone
    /// may.
    function close(CaseId id) external;

    /// @notice Pays an account what the court owes it. Anyone may call; the money goes to the account.
    function claim(address account) external returns (uint256 amount);

    /// @notice One case; all zeros where there is none.
    function cases(CaseId id) external view returns (Case memory);

    /// @notice One panel of a case.
    function rounds(CaseId id, uint8 round) external view returns (Round memory);

    /// @notice How many cases there were; their numbers run from 1 to this.
    function totalCases() external view returns (uint256);

    /// @notice What `claim` would pay.
    function owed(address account) external view returns (uint256);

    /// @notice The name of an offence: one copy at one target.
    function offenceOf(CopyId copyId, bytes32 target) external view returns (bytes32);

    /// @notice The latest case about an offence.
    function caseOf(bytes32 offence) external view returns (CaseId);

    /// @notice A commitment to a number: good for this chain, court, case, round and prover only.
    function seedHash(CaseId id, uint8 round, address prover, bytes32 number) external view returns (bytes32);

    /// @notice A commitment to a vote: good for this chain, court, case, round and prover only.
    function voteHash(CaseId id, uint8 round, address prover, Verdict vote, uint32 hits, bytes32 salt)
        external
        view
        returns (bytes32);
}
