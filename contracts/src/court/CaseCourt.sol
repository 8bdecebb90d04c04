// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Case, CaseId, ICaseCourt, Round, Stage, Verdict } from "../interfaces/ICaseCourt.sol";
import { ICollateral } from "../interfaces/ICollateral.sol";
import { ICopyRegistry } from "../interfaces/ICopyRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { IProverRegistry } from "../interfaces/IProverRegistry.sol";
import { BURNED, CopyId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

uint256 constant PANEL_SEATS = 7;
uint256 constant APPEAL_SEATS = 15;
uint256 constant MIN_JURORS = 3;

/// @notice See `ICaseCourt`.
contract CaseCourt is ICaseCourt {
    using SafeERC20 for IERC20;

    /// @dev A juror's commitment and vote.
    struct Ballot {
        bytes32 commitment;
        bool seated;
        Verdict vote;
    }

    /// @dev A prover's commitment to a number, and the amount locked until the number is revealed.
    struct Seed {
        bytes32 commitment;
        uint64 penalty;
    }

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    address private immutable COPIES;
    IProverRegistry private immutable PROVERS;

    /// @inheritdoc ICaseCourt
    uint256 public totalCases;
    /// @inheritdoc ICaseCourt
    mapping(address account => uint256) public owed;
    /// @inheritdoc ICaseCourt
    mapping(bytes32 offence => CaseId) public caseOf;

    mapping(CaseId id => Case) private _cases;
    mapping(CaseId id => mapping(uint8 round => Round)) private _rounds;
    mapping(CaseId id => mapping(uint8 round => mapping(address prover => Ballot))) private _ballots;
    mapping(CaseId id => mapping(uint8 round => mapping(address prover => Seed))) private _seeds;

    /// @param copies The copy registry, which also holds the collateral.
    constructor(IERC20 usd, IProtocol protocol, address copies, IProverRegistry provers) {
        USD = usd;
        PROTOCOL = protocol;
        COPIES = copies;
        PROVERS = provers;
    }

    /* OPEN AND ANSWER */

    /// @inheritdoc ICaseCourt
    function open(CopyId copyId, bytes32 target, uint32 hits, string calldata evidence) external returns (CaseId id) {
        PROTOCOL.requireOpen();
        address accused = ICopyRegistry(COPIES).copies(copyId).buyer;
        bytes32 offence = offenceOf(copyId, target);
        Case storage earlier = _cases[caseOf[offence]];
        require(target != 0 && hits > 0, CaseIncomplete(target, hits));
        require(accused != address(0), CopyUnknown(copyId));
        require(accused != msg.sender, OpenerIsAccused(msg.sender));
        require(
            earlier.stage == Stage.None || (earlier.stage == Stage.Closed && earlier.verdict != Verdict.Accept),
            OffenceTaken(offence, caseOf[offence])
        );

        id = CaseId.wrap(++totalCases);
        caseOf[offence] = id;
        Case storage trial = _cases[id];
        trial.copyId = copyId;
        trial.opener = msg.sender;
        trial.hits = hits;
        trial.stage = Stage.Seeding;
        trial.accused = accused;
        trial.until = PROTOCOL.time() + PROTOCOL.answerWindow();
        trial.bond = PROTOCOL.caseBond();
        trial.unit = PROTOCOL.caseWindow() / 8;
        trial.target = target;
        emit Opened(id, copyId, msg.sender, accused, target, hits, trial.bond, trial.until, evidence);

        ICollateral(COPIES).openDispute(copyId);
        USD.safeTransferFrom(msg.sender, address(this), trial.bond);
    }

    /// @inheritdoc ICaseCourt
    function answer(CaseId id, string calldata text) external {
        Case storage trial = _inStage(id, Stage.Seeding);
        uint64 time = PROTOCOL.time();
        require(msg.sender == trial.accused, NotAccused(msg.sender, trial.accused));
        require(!trial.answered && trial.round == 0, AlreadyAnswered(id));
        _notAfter(time, trial.until);

        uint64 extended = time + PROTOCOL.answerWindow() / 4;

        trial.answered = true;
        if (extended > trial.until) trial.until = extended;
        emit Answered(id, text, trial.until);
    }

    /* DRAWING */

    /// @inheritdoc ICaseCourt
    function commitSeed(CaseId id, bytes32 commitment) external {
        Case storage trial = _inStage(id, Stage.Seeding);
        Seed storage seed = _seeds[id][trial.round][msg.sender];
        _notAfter(PROTOCOL.time(), trial.until);
        require(commitment != 0, CommitmentMissing());
        require(seed.commitment == 0, AlreadyCommitted(id, msg.sender));

        seed.commitment = commitment;
        emit SeedCommitted(id, trial.round, msg.sender);

        seed.penalty = PROVERS.lock(msg.sender);
    }

    /// @inheritdoc ICaseCourt
    function revealSeed(CaseId id, bytes32 number) external {
        Case storage trial = _inStage(id, Stage.Seeding);
        Seed storage seed = _seeds[id][trial.round][msg.sender];
        bytes32 revealed = seedHash(id, trial.round, msg.sender, number);
        _after(PROTOCOL.time(), trial.until);
        _notAfter(PROTOCOL.time(), trial.until + trial.unit);
        require(seed.penalty != 0 && revealed == seed.commitment, CommitmentMismatch(revealed, seed.commitment));

        uint64 penalty = seed.penalty;
        seed.penalty = 0;
        _rounds[id][trial.round].mix ^= keccak256(abi.encode(msg.sender, number));
        emit SeedRevealed(id, trial.round, msg.sender, number);

        PROVERS.unlock(msg.sender, penalty, false);
    }

    /// @inheritdoc ICaseCourt
    function draw(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Seeding);
        Round storage round = _rounds[id][trial.round];
        uint64 time = PROTOCOL.time();
        _after(time, trial.until + trial.unit);

        bytes32 seed = keccak256(abi.encode(address(this), id, trial.round, round.mix, block.prevrandao));
        uint256 seats = trial.round == 0 ? PANEL_SEATS : APPEAL_SEATS;
        (address[] memory panel, uint64 penalty) = PROVERS.draw(seed, seats, trial.opener, trial.accused);

        trial.stage = Stage.Voting;
        round.penalty = penalty;
        round.commitUntil = time + 4 * trial.unit;
        round.revealUntil = time + 6 * trial.unit;
        round.panel = panel;
        for (uint256 i; i < panel.length; ++i) {
            _ballots[id][trial.round][panel[i]].seated = true;
        }
        emit Drawn(id, trial.round, panel, round.commitUntil, round.revealUntil);

        if (panel.length < MIN_JURORS) _rule(id, trial, trial.round == 0 ? Verdict.Draw : trial.verdict, 0);
    }

    /// @inheritdoc ICaseCourt
    function punishSeed(CaseId id, uint8 round, address prover) external {
        Case storage trial = _cases[id];
        Seed storage seed = _seeds[id][round][prover];
        uint64 penalty = seed.penalty;
        bool open_ = trial.stage == Stage.Seeding && trial.round == round;
        require(!open_, WrongStage(id, trial.stage, Stage.Voting));
        if (penalty == 0) return;

        seed.penalty = 0;
        emit SeedWithheld(id, round, prover, penalty);

        PROVERS.unlock(prover, penalty, true);
    }

    /* VOTING AND APPEAL */

    /// @inheritdoc ICaseCourt
    function commitVote(CaseId id, bytes32 commitment) external {
        Case storage trial = _inStage(id, Stage.Voting);
        Ballot storage ballot = _ballots[id][trial.round][msg.sender];
        require(ballot.seated, NotOnPanel(id, msg.sender));
        _notAfter(PROTOCOL.time(), _rounds[id][trial.round].commitUntil);
        require(commitment != 0, CommitmentMissing());
        require(ballot.commitment == 0, AlreadyCommitted(id, msg.sender));

        ballot.commitment = commitment;
        emit VoteCommitted(id, trial.round, msg.sender);
    }

    /// @inheritdoc ICaseCourt
    function revealVote(CaseId id, Verdict vote, uint32 hits, bytes32 salt) external {
        Case storage trial = _inStage(id, Stage.Voting);
        uint8 number = trial.round;
        Round storage round = _rounds[id][number];
        Ballot storage ballot = _ballots[id][number][msg.sender];
        bytes32 revealed = voteHash(id, number, msg.sender, vote, hits, salt);
        uint64 time = PROTOCOL.time();
        _after(time, round.commitUntil);
        _notAfter(time, round.revealUntil);
        require(ballot.vote == Verdict.None, AlreadyCommitted(id, msg.sender));
        require(revealed == ballot.commitment, CommitmentMismatch(revealed, ballot.commitment));
        require(vote == Verdict.Reject || (vote == Verdict.Accept && hits > 0), VoteInvalid(vote, hits));

        ballot.vote = vote;
        if (vote == Verdict.Accept) ++round.accepts;
        else ++round.rejects;
        emit VoteRevealed(id, number, msg.sender, vote, hits);
    }

    /// @inheritdoc ICaseCourt
    function rule(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Voting);
        Round storage round = _rounds[id][trial.round];
        uint64 time = PROTOCOL.time();
        _after(time, round.revealUntil);

        uint256 seats = round.panel.length;
        Verdict verdict = Verdict.Draw;
        if (round.accepts * 3 >= seats * 2) verdict = Verdict.Accept;
        else if (round.rejects * 2 > seats) verdict = Verdict.Reject;

        _rule(id, trial, verdict, trial.round == 0 ? time + trial.unit : 0);
    }

    /// @inheritdoc ICaseCourt
    function appeal(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Ruled);
        bool lost = (msg.sender == trial.accused && trial.verdict != Verdict.Reject)
            || (msg.sender == trial.opener && trial.verdict != Verdict.Accept);
        uint64 time = PROTOCOL.time();
        require(trial.until != 0, RulingFinal(id));
        require(lost, NotLoser(msg.sender));
        _notAfter(time, trial.until);

        uint64 bond = 2 * trial.bond;
        uint64 until = time + trial.unit;

        trial.stage = Stage.Seeding;
        trial.round = 1;
        trial.until = until;
        trial.appellant = msg.sender;
        trial.appealBond = bond;
        emit Appealed(id, msg.sender, bond, until);

        USD.safeTransferFrom(msg.sender, address(this), bond);
    }

    /* CLOSE AND CLAIM */

    /// @inheritdoc ICaseCourt
    function close(CaseId id) external {
        Case storage trial = _inStage(id, Stage.Ruled);
        if (trial.until != 0) _after(PROTOCOL.time(), trial.until);

        Verdict verdict = trial.verdict;

        trial.stage = Stage.Closed;
        _payBonds(trial, verdict);

        for (uint8 round; round <= trial.round; ++round) {
            _settle(id, round, verdict);
        }
        uint256 slashed;
        if (verdict == Verdict.Accept) {
            bytes32 offence = offenceOf(trial.copyId, trial.target);
            (slashed,) = ICollateral(COPIES).slash(trial.copyId, type(uint256).max, 0, offence);
        }
        ICollateral(COPIES).closeDispute(trial.copyId);
        emit CaseClosed(id, verdict, slashed);
    }

    /// @inheritdoc ICaseCourt
    function claim(address account) external returns (uint256 amount) {
        amount = owed[account];
        if (amount == 0) return 0;

        owed[account] = 0;
        emit Paid(account, amount);

        USD.safeTransfer(account, amount);
    }

    /* VIEWS */

    /// @inheritdoc ICaseCourt
    function cases(CaseId id) external view returns (Case memory) {
        return _cases[id];
    }

    /// @inheritdoc ICaseCourt
    function rounds(CaseId id, uint8 round) external view returns (Round memory) {
        return _rounds[id][round];
    }

    /// @inheritdoc ICaseCourt
    function offenceOf(CopyId copyId, bytes32 target) public view returns (bytes32) {
        return keccak256(abi.encode(address(this), copyId, target));
    }

    /// @inheritdoc ICaseCourt
    function seedHash(CaseId id, uint8 round, address prover, bytes32 number) public view returns (bytes32) {
        return keccak256(abi.encode("seed", block.chainid, address(this), id, round, prover, number));
    }

    /// @inheritdoc ICaseCourt
    function voteHash(CaseId id, uint8 round, address prover, Verdict vote, uint32 hits, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode("vote", block.chainid, address(this), id, round, prover, vote, hits, salt));
    }

    /* INTERNAL */

    function _rule(CaseId id, Case storage trial, Verdict verdict, uint64 until) private {
        Round storage round = _rounds[id][trial.round];
        trial.stage = Stage.Ruled;
        trial.verdict = verdict;
        trial.until = until;
        emit Ruled(id, trial.round, verdict, round.accepts, round.rejects, until);
    }

    /// @dev Each bond is returned to its side or forfeited: half to the other side, half burned.
    function _payBonds(Case storage trial, Verdict verdict) private {
        (address opener, address accused, address appellant) = (trial.opener, trial.accused, trial.appellant);
        if (verdict == Verdict.Reject) _forfeit(trial.bond, accused);
        else owed[opener] += trial.bond;

        bool lost =
            (appellant == opener && verdict == Verdict.Reject) || (appellant == accused && verdict == Verdict.Accept);
        if (lost) _forfeit(trial.appealBond, appellant == opener ? accused : opener);
        else owed[appellant] += trial.appealBond;
    }

    function _forfeit(uint256 bond, address to) private {
        owed[to] += bond / 2;
        owed[BURNED] += bond - bond / 2;
    }

    /// @dev After a draw only silent jurors lose. The others are paid for their votes.
    function _settle(CaseId id, uint8 number, Verdict verdict) private {
        Round storage round = _rounds[id][number];
        address[] memory panel = round.panel;
        (uint256 losers, uint256 winners) = (0, 0);
        bool heard = panel.length >= MIN_JURORS;
        for (uint256 i; heard && i < panel.length; ++i) {
            Verdict vote = _ballots[id][number][panel[i]].vote;
            if (vote == Verdict.None || (verdict != Verdict.Draw && vote != verdict)) losers |= 2 ** i;
            else winners |= 2 ** i;
        }
        PROVERS.settle(panel, losers, winners, round.penalty);
    }

    function _inStage(CaseId id, Stage needed) private view returns (Case storage trial) {
        trial = _cases[id];
        require(trial.stage == needed, WrongStage(id, trial.stage, needed));
    }

    function _notAfter(uint64 time, uint64 until) private pure {
        require(time <= until, CaseTooLate(time, until));
    }

    function _after(uint64 time, uint64 until) private pure {
        require(time > until, CaseTooEarly(time, until + 1));
    }
}
