// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IProtocol, Parameter } from "../interfaces/IProtocol.sol";
import {
    Coverage,
    Electorate,
    IProverRegistry,
    Outcome,
    Place,
    Prover,
    Shown
} from "../interfaces/IProverRegistry.sol";
import { IUsageLedger } from "../interfaces/IUsageLedger.sol";
import { IndexedMerkle } from "../lib/IndexedMerkle.sol";
import { Receipts, Report } from "../lib/Receipts.sol";
import { BPS, BURNED, CopyId } from "../lib/Types.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IProverRegistry`.
/// @dev The list only grows, so that places are in the order of their age. A place whose prover has left is passed over.
contract ProverRegistry is IProverRegistry {
    using Receipts for Report;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev Verdicts of the court (`ICaseCourt.Verdict`).
    uint256 private constant SILENT = 0;
    uint256 private constant DRAW = 3;

    /// @dev Receipts of each report that are to be shown.
    uint256 private constant SHOWN = 4;
    /// @dev The drawing block: nobody knows its hash when coverage is reported. Its hash is known for 256 blocks.
    uint64 private constant DRAW_AFTER_BLOCKS = 2;
    uint64 private constant HASHES_KEPT = 256;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    IUsageLedger private immutable LEDGER;
    address private immutable COURT;
    uint64 private immutable EPOCH_LENGTH;
    /// @dev A stake must be this old to judge, and stays this long at least: seven epochs, a week on public chains.
    uint64 private immutable SEASONING;

    /// @inheritdoc IProverRegistry
    mapping(address prover => bool) public admitted;
    /// @inheritdoc IProverRegistry
    mapping(address prover => uint256) public earned;
    /// @inheritdoc IProverRegistry
    uint256 public committed;
    /// @inheritdoc IProverRegistry
    mapping(CopyId id => mapping(uint64 epoch => uint256)) public earnedFrom;

    mapping(address account => Prover) private _provers;
    mapping(address account => Coverage) private _coverages;
    Place[] private _places;
    /// @dev Number of places whose prover has left.
    uint256 private _left;

    /// @dev Each prover's part of the pool in one epoch, fixed by the first coverage paid in it.
    uint64 private _shareEpoch;
    uint128 private _share;

    constructor(IERC20 usd, IProtocol protocol, IUsageLedger ledger, address court) {
        USD = usd;
        PROTOCOL = protocol;
        LEDGER = ledger;
        COURT = court;
        EPOCH_LENGTH = protocol.epochLength();
        SEASONING = 7 * EPOCH_LENGTH;
    }

    modifier onlyCourt() {
        require(msg.sender == COURT, NotCourt(msg.sender, COURT));
        _;
    }

    /* PROVERS */

    /// @inheritdoc IProverRegistry
    function admit(address account, bool admitted_) external {
        address owner = Ownable(address(PROTOCOL)).owner();
        require(msg.sender == owner, NotOwner(msg.sender, owner));

        admitted[account] = admitted_;
        emit Admitted(account, admitted_);
    }

    /// @inheritdoc IProverRegistry
    function stake(uint256 amount) external {
        Prover storage prover = _provers[msg.sender];
        PROTOCOL.requireOpen();
        uint256 total = prover.stake + amount;
        uint256 min = PROTOCOL.proverStake();
        require(admitted[msg.sender] || !PROTOCOL.guarded(), ProverNotAdmitted(msg.sender));
        require(prover.exitAt == 0, ProverLeaving(msg.sender, prover.exitAt));
        require(total >= min, StakeBelowMin(total, min));

        committed += amount;
        prover.stake = total.toUint128();
        emit Staked(msg.sender, amount, total);
        if (prover.place == 0) _enlist(msg.sender, prover);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IProverRegistry
    function exit() external {
        Prover storage prover = _provers[msg.sender];
        require(prover.exitAt == 0, ProverLeaving(msg.sender, prover.exitAt));
        require(prover.stake > 0, NotListed(msg.sender));

        uint256 exitAt = PROTOCOL.time() + PROTOCOL.thaw();
        if (prover.place != 0) exitAt = Math.max(exitAt, uint256(_places[prover.place - 1].since) + SEASONING);

        prover.exitAt = exitAt.toUint64();
        emit Leaving(msg.sender, prover.exitAt);
    }

    /// @inheritdoc IProverRegistry
    function withdraw(address account) external returns (uint256 amount) {
        Prover storage prover = _provers[account];
        uint64 time = PROTOCOL.time();
        require(prover.exitAt != 0, NotLeaving(account));
        require(time >= prover.exitAt, StakeThawing(time, prover.exitAt));
        require(prover.locked == 0, StakeLocked(account, prover.locked));

        if (prover.place != 0) _delist(account, prover);
        amount = prover.stake;
        committed -= amount;
        delete _provers[account];
        emit Left(account, amount);

        USD.safeTransfer(account, amount);
    }

    /// @inheritdoc IProverRegistry
    function cover(uint64 epoch, uint64 count, bytes32 root) external {
        Prover storage prover = _provers[msg.sender];
        require(prover.place != 0, NotListed(msg.sender));
        uint64 current = PROTOCOL.epoch();
        uint256 since = _places[prover.place - 1].since / EPOCH_LENGTH;
        uint64 first = Math.max(Math.max(since, prover.covered) + 1, current - 2).toUint64();
        require(epoch >= first && epoch < current, CoverageEpoch(epoch, first, current - 1));
        require(count > 0 && root != 0, CoverageEmpty());

        uint64 block_ = (block.number + DRAW_AFTER_BLOCKS).toUint64();
        prover.covered = epoch;
        _coverages[msg.sender] = Coverage(root, count, epoch, block_);
        emit CoverageReported(msg.sender, epoch, count, root, block_);
    }

    /// @inheritdoc IProverRegistry
    function show(Shown[] calldata shown) external returns (uint256 fee) {
        Coverage memory coverage = _coverages[msg.sender];
        uint64[] memory indexes = drawnLeaves(msg.sender);
        require(shown.length == indexes.length, ShownCount(shown.length, indexes.length));
        uint256 part = _shareOf(PROTOCOL.epoch()) / shown.length;
        bytes32[] memory hashes = new bytes32[](shown.length);
        for (uint256 i; i < shown.length; ++i) {
            hashes[i] = LEDGER.requireReceipt(shown[i].receipt, shown[i].signature);
            bytes32 leaf = IndexedMerkle.leafOf(abi.encode(hashes[i]));
            bool valid = shown[i].receipt.epoch == coverage.epoch
                && IndexedMerkle.proves(coverage.root, leaf, indexes[i], coverage.count, shown[i].siblings);
            for (uint256 j; j < i; ++j) {
                valid = valid && hashes[i] != hashes[j];
            }
            require(valid, ShownInvalid(i, indexes[i]));
            fee += _earnFrom(shown[i].filed, shown[i].receipt.copyId, coverage.epoch, part);
        }

        _coverages[msg.sender].block_ = 0;
        fee = Math.min(fee, pool());
        _earn(msg.sender, fee);
        emit Covered(msg.sender, coverage.epoch, fee);
    }

    /// @inheritdoc IProverRegistry
    function claim(address account) external returns (uint256 amount) {
        amount = earned[account];
        if (amount == 0) return 0;

        earned[account] = 0;
        committed -= amount;
        emit EarningsClaimed(account, amount);

        USD.safeTransfer(account, amount);
    }

    /* COURT ONLY */

    /// @inheritdoc IProverRegistry
    function draw(
        bytes32 seed,
        uint256 seats,
        Electorate calldata electorate_,
        address[] calldata excluded,
        address[] calldata seated,
        uint64 stake_
    ) external onlyCourt returns (address[] memory panel) {
        address[] memory drawn = _sample(seed, seats, electorate_, excluded);
        panel = new address[](seats);
        uint256 count;
        for (uint256 i; i < seats; ++i) {
            Prover storage prover = _provers[drawn[i]];
            if (!_contains(seated, drawn[i])) {
                if (prover.place == 0 || prover.stake - prover.locked < stake_) continue;
                prover.locked += stake_;
            }
            panel[count++] = drawn[i];
        }
        assembly ("memory-safe") {
            mstore(panel, count)
        }
    }

    /// @inheritdoc IProverRegistry
    function settle(Outcome calldata outcome) external onlyCourt {
        (uint256 burned, uint256 paid) = (0, 0);
        for (uint256 i; i < outcome.panel.length; ++i) {
            address juror = outcome.panel[i];
            Prover storage prover = _provers[juror];
            if (!_contains(outcome.unlocked, juror)) prover.locked -= outcome.stake;
            (uint256 loss, bool isPaid) = _verdictOn(outcome, i, juror);
            if (loss > 0) burned += _penalise(juror, prover, loss);
            // a bit for each seat
            // forge-lint: disable-next-line(incorrect-shift)
            if (isPaid) paid |= 1 << i;
        }
        committed -= burned;
        if (burned > 0) USD.safeTransfer(BURNED, burned);

        uint256 pay = PROTOCOL.coverageFee();
        for (uint256 i; i < outcome.panel.length; ++i) {
            if (paid >> i & 1 == 0) continue;
            uint256 amount = Math.min(pay, pool());
            _earn(outcome.panel[i], amount);
            emit Rewarded(outcome.panel[i], amount);
        }
    }

    /* VIEWS */

    /// @inheritdoc IProverRegistry
    function provers(address account) external view returns (Prover memory) {
        return _provers[account];
    }

    /// @inheritdoc IProverRegistry
    function coverages(address account) external view returns (Coverage memory) {
        return _coverages[account];
    }

    /// @inheritdoc IProverRegistry
    function drawnLeaves(address account) public view returns (uint64[] memory indexes) {
        Coverage memory coverage = _coverages[account];
        uint256 until = uint256(coverage.block_) + HASHES_KEPT;
        require(coverage.block_ != 0 && block.number <= until, CoverageLapsed(account, block.number, until));
        require(block.number > coverage.block_, BlockPending(block.number, coverage.block_ + 1));

        bytes32 seed = keccak256(abi.encode(address(this), account, coverage.epoch, blockhash(coverage.block_)));
        uint256 count = Math.min(SHOWN, coverage.count);
        uint256[] memory drawn = _distinct(seed, count, coverage.count);
        indexes = new uint64[](count);
        for (uint256 i; i < count; ++i) {
            indexes[i] = drawn[i].toUint64();
        }
    }

    /// @inheritdoc IProverRegistry
    function listed() public view returns (uint256) {
        return _places.length - _left;
    }

    /// @inheritdoc IProverRegistry
    function placeCount() external view returns (uint256) {
        return _places.length;
    }

    /// @inheritdoc IProverRegistry
    function places(uint256 index) external view returns (Place memory) {
        return _places[index];
    }

    /// @inheritdoc IProverRegistry
    function electorate() external view returns (Electorate memory) {
        uint64 time = PROTOCOL.time();
        (uint256 low, uint256 high) = (0, _places.length);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_places[middle].since + SEASONING <= time) low = middle + 1;
            else high = middle;
        }
        // all that have left were a week old: no stake leaves earlier, and no younger one is drawn
        return Electorate({ places: low.toUint32(), eligible: (low - _left).toUint32(), openedAt: _second(time) });
    }

    /// @inheritdoc IProverRegistry
    function pool() public view returns (uint256) {
        return USD.balanceOf(address(this)) - committed;
    }

    /* INTERNAL */

    /// @dev Each prover's equal part of the pool in this epoch, at most the fee.
    function _shareOf(uint64 epoch) private returns (uint256) {
        if (_shareEpoch != epoch) {
            _shareEpoch = epoch;
            _share = Math.min(PROTOCOL.coverageFee(), pool() / Math.max(1, listed())).toUint128();
        }
        return _share;
    }

    /// @dev Pays for a receipt within what the copy's host has left: the pool's cut of the fees of its report.
    function _earnFrom(Report calldata filed, CopyId id, uint64 epoch, uint256 part) private returns (uint256 amount) {
        if (filed.count == 0 || LEDGER.reportHash(id, epoch) != filed.hash()) return 0;
        uint256 most = LEDGER.feeOf(id, filed.units) * PROTOCOL.valueIn(Parameter.ProverCutBps, epoch) / BPS;
        amount = Math.min(part, most - earnedFrom[id][epoch]);
        earnedFrom[id][epoch] += amount;
    }

    /// @dev Returns `count` different numbers below `size`. Every set is equally likely, apart from the bias of a 256-bit
    /// remainder. Robert Floyd's algorithm (Bentley, Programming Pearls, CACM 30(9), 1987).
    function _distinct(bytes32 seed, uint256 count, uint256 size) private pure returns (uint256[] memory numbers) {
        numbers = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            uint256 top = size - count + i;
            uint256 number = uint256(keccak256(abi.encode(seed, i))) % (top + 1);
            for (uint256 j; j < i; ++j) {
                if (numbers[j] == number) number = top;
            }
            numbers[i] = number;
        }
    }

    /// @dev Draws places until `seats` different provers are found that were eligible and are not excluded. Every set of
    /// them is equally likely, apart from the bias of a 256-bit remainder. Stops when so many places are passed over that
    /// the remaining seats stay empty, as zeros.
    function _sample(bytes32 seed, uint256 seats, Electorate calldata from, address[] calldata excluded)
        private
        view
        returns (address[] memory drawn)
    {
        drawn = new address[](seats);
        uint256 count;
        uint256 tries = 32 * seats * (1 + uint256(from.places) / Math.max(1, from.eligible));
        for (uint256 i; i < tries && count < seats; ++i) {
            Place memory place = _places[uint256(keccak256(abi.encode(seed, i))) % from.places];
            bool eligible = place.leftAt == 0 || place.leftAt > from.openedAt;
            if (!eligible || _contains(excluded, place.prover) || _isAmong(drawn, count, place.prover)) continue;
            drawn[count++] = place.prover;
        }
    }

    /// @dev What the seat's juror loses, and whether it is paid.
    function _verdictOn(Outcome calldata outcome, uint256 seat, address juror)
        private
        view
        returns (uint256 loss, bool isPaid)
    {
        uint256 vote = outcome.votes >> 2 * seat & 3;
        bool against = vote != SILENT && outcome.last != DRAW && vote != outcome.last;
        if (against) return (vote == outcome.ruling ? outcome.stake : PROTOCOL.proverPenalty(), false);
        if (vote != SILENT) return (0, true);
        return (_contains(outcome.parties, juror) ? 0 : PROTOCOL.proverPenalty(), false);
    }

    function _contains(address[] calldata accounts, address account) private pure returns (bool) {
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }

    function _isAmong(address[] memory accounts, uint256 count, address account) private pure returns (bool) {
        for (uint256 i; i < count; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }

    function _enlist(address account, Prover storage prover) private {
        _places.push(Place({ prover: account, since: _second(PROTOCOL.time()), leftAt: 0 }));
        prover.place = _places.length.toUint32();
        emit Listed(account, true);
    }

    function _delist(address account, Prover storage prover) private {
        _places[prover.place - 1].leftAt = _second(PROTOCOL.time());
        prover.place = 0;
        ++_left;
        emit Listed(account, false);
    }

    /// @dev Takes what is not locked by other cases, and no more.
    function _penalise(address account, Prover storage prover, uint256 loss) private returns (uint256 taken) {
        taken = Math.min(loss, prover.stake - prover.locked);
        // at most the stake, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        prover.stake -= uint128(taken);
        emit Penalised(account, taken, prover.stake);
        if (prover.place != 0 && prover.stake < PROTOCOL.proverStake()) _delist(account, prover);
    }

    function _second(uint64 time) private pure returns (uint48) {
        return uint256(time).toUint48();
    }

    function _earn(address account, uint256 amount) private {
        earned[account] += amount;
        committed += amount;
    }
}
